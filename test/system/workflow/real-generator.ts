import { TaskProcess } from '../task-process.ts';
import { type Behaviour, fakeGenerator } from './fake-generator.ts';
import type { Generate } from './local-cloud.ts';

/** The generator as the container runs it, stopped as ECS stops a task. */
export const realGenerator: Generate = async (environment, stopped) => {
  const task = new TaskProcess({ PATH: process.env['PATH'] ?? '', ...environment });
  stopped.addEventListener('abort', () => task.kill('SIGTERM'), { once: true });
  return (await task.ended).code ?? 1;
};

/** Load is made up; what a run takes once is sent for real. */
export const withFakeLoad = (behaviour: Behaviour): Generate => {
  const fake = fakeGenerator(behaviour);
  return async (environment, stopped) =>
    await (environment['PLIMSOLL_ONCE'] === undefined ? fake : realGenerator)(environment, stopped);
};
