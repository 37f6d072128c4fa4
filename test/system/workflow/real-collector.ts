import { fileURLToPath } from 'node:url';
import type { Endpoint } from '../../lib/adapters/aws/endpoint.ts';
import { TaskProcess } from '../task-process.ts';
import type { Generate } from './local-cloud.ts';

const MAIN = fileURLToPath(new URL('../../../loadgen/collector/main.ts', import.meta.url));

export interface CollectedHere {
  /** Where ECS is asked for the service's tasks. */
  readonly ecs: Endpoint;
  readonly port: number;
  readonly database: string;
  readonly cache: string;
}

/** The collector as its container runs it. */
export const realCollector =
  ({ ecs, port, database, cache }: CollectedHere): Generate =>
  async (environment, stopped) => {
    const { endpoint, region, credentials } = ecs.config;
    const service = { cluster: 'shop', name: 'api', port };
    const task = new TaskProcess(
      {
        PATH: process.env['PATH'] ?? '',
        AWS_REGION: region,
        AWS_ENDPOINT_URL_ECS: endpoint,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        PLIMSOLL_SYSTEM: JSON.stringify({ service, database: { url: database, token: false } }),
        PLIMSOLL_CACHE_URL: cache,
        PLIMSOLL_MAX_HOURS: '1',
        ...environment,
      },
      { args: [MAIN] },
    );
    stopped.addEventListener('abort', () => task.kill('SIGTERM'), { once: true });
    const { code, stderr } = await task.ended;
    if (code !== 0) throw new Error(`the collector ended with ${code}: ${stderr}`);
    return code;
  };

/** As ECS describes tasks in network mode awsvpc (ECS API, ListTasks and DescribeTasks), each with its address. */
export const tasksAt = (...hosts: readonly string[]): Readonly<Record<string, object>> => ({
  ListTasks: { taskArns: hosts.map((host) => `arn:task/${host}`) },
  DescribeTasks: {
    tasks: hosts.map((host) => ({
      taskArn: `arn:task/${host}`,
      lastStatus: 'RUNNING',
      attachments: [{ type: 'ElasticNetworkInterface', details: [{ name: 'privateIPv4Address', value: host }] }],
    })),
  },
});
