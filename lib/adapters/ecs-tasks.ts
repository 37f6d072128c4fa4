import {
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { Tasks } from '../run/cloud/ports.ts';
import { asked, causeName } from './aws.ts';

/** "A list of up to 100 task IDs" (ECS API, DescribeTasks). */
const TASKS_A_REQUEST = 100;

/** ECS cuts nothing: a longer reason is refused (ECS API, StopTask). */
const REASON_LENGTH = 1024;

/**
 * Which of the cluster's tasks belong to a run is told by the variable they were started with: a state machine can't set
 * `startedBy`.
 */
const RUN_VARIABLE = 'PLIMSOLL_RUN';

export interface TaskPlace {
  readonly cluster: string;
  /** Of the generator's task definition. */
  readonly family: string;
}

export class EcsTasks implements Tasks {
  readonly #client: ECSClient;
  readonly #place: TaskPlace;

  constructor(client: ECSClient, place: TaskPlace) {
    this.#client = client;
    this.#place = place;
  }

  async listRunning(runId: string): Promise<readonly string[]> {
    // A task that is to be STOPPED runs on until it has ended.
    const arns = [...(await this.#arns('RUNNING')), ...(await this.#arns('STOPPED'))];
    const tasks: Task[] = [];
    for (let at = 0; at < arns.length; at += TASKS_A_REQUEST)
      tasks.push(...(await this.#describe(arns.slice(at, at + TASKS_A_REQUEST))));
    return tasks
      .filter((task) => task.lastStatus !== 'STOPPED' && runOf(task) === runId)
      .flatMap(({ taskArn }) => taskArn ?? []);
  }

  async stop(taskArn: string, reason: string): Promise<void> {
    const command = new StopTaskCommand({
      cluster: this.#place.cluster,
      task: taskArn,
      reason: reason.slice(0, REASON_LENGTH),
    });
    try {
      await asked('ecs:StopTask', () => this.#client.send(command));
    } catch (error) {
      // "The referenced task was not found": it ended more than an hour ago.
      if (causeName(error) !== 'InvalidParameterException') throw error;
    }
  }

  async #arns(desiredStatus: 'RUNNING' | 'STOPPED'): Promise<string[]> {
    return await asked('ecs:ListTasks', async () => {
      const arns: string[] = [];
      const request = { ...this.#place, desiredStatus };
      for await (const { taskArns = [] } of paginateListTasks({ client: this.#client }, request))
        arns.push(...taskArns);
      return arns;
    });
  }

  async #describe(tasks: string[]): Promise<Task[]> {
    const command = new DescribeTasksCommand({ cluster: this.#place.cluster, tasks });
    const reply = await asked('ecs:DescribeTasks', () => this.#client.send(command));
    return reply.tasks ?? [];
  }
}

const runOf = ({ overrides }: Task): string | undefined =>
  overrides?.containerOverrides
    ?.flatMap(({ environment = [] }) => environment)
    .find(({ name }) => name === RUN_VARIABLE)?.value;
