import { TaskProcess } from '../task-process.ts';
import type { Generate } from './local-cloud.ts';

/** The generator as the container runs it, stopped as ECS stops a task. */
export const realGenerator: Generate = async (environment, stopped) => {
  const task = new TaskProcess({ PATH: process.env['PATH'] ?? '', ...environment });
  stopped.addEventListener('abort', () => task.kill('SIGTERM'), { once: true });
  return (await task.ended).code ?? 1;
};
