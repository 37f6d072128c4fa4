import { DescribeTasksCommand, ECSClient, paginateListTasks, type Task } from '@aws-sdk/client-ecs';
import type { TaskAddress } from '../node/task-sources.ts';
import { callAws, clientDefaults } from './client-defaults.ts';

/** "A list of up to 100 task IDs" (ECS API, DescribeTasks). */
const TASKS_A_REQUEST = 100;

/** An ECS service, by the names of its cluster and of itself. */
export interface ServicePlace {
  readonly cluster: string;
  readonly name: string;
}

/**
 * The tasks of a service that run, with the address in the VPC that each has of its own (network mode awsvpc); in other modes tasks
 * share those of their machines, and are left out.
 * @throws PlimsollError E-AWS-…
 */
export async function serviceTasks(client: ECSClient, { cluster, name }: ServicePlace): Promise<TaskAddress[]> {
  const arns = await callAws('ecs:ListTasks', async () => {
    const pages = paginateListTasks({ client }, { cluster, serviceName: name, desiredStatus: 'RUNNING' });
    return (await Array.fromAsync(pages, ({ taskArns = [] }) => taskArns)).flat();
  });
  const found: TaskAddress[] = [];
  for (let at = 0; at < arns.length; at += TASKS_A_REQUEST) {
    const command = new DescribeTasksCommand({ cluster, tasks: arns.slice(at, at + TASKS_A_REQUEST) });
    const { tasks = [] } = await callAws('ecs:DescribeTasks', () => client.send(command));
    found.push(...tasks.flatMap(addressOf));
  }
  return found;
}

/** One that is still starting has an address, but nothing listens there yet. */
function addressOf({ taskArn, lastStatus, attachments = [] }: Task): TaskAddress[] {
  const details = attachments.flatMap(({ type, details: all = [] }) => (type === 'ElasticNetworkInterface' ? all : []));
  const host = details.find(({ name }) => name === 'privateIPv4Address')?.value;
  return taskArn === undefined || host === undefined || lastStatus !== 'RUNNING' ? [] : [{ task: taskArn, host }];
}

export const ecsClient = (): ECSClient => new ECSClient(clientDefaults);
