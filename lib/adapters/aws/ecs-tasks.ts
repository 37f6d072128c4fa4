import {
  DescribeTasksCommand,
  type ECSClient,
  paginateListTasks,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlimsollError } from '../../errors.ts';
import type { Tasks } from '../../run/workflow/ports.ts';
import { callAws, causeName } from './client-defaults.ts';

/** "A list of up to 100 task IDs" (ECS API, DescribeTasks). */
const TASKS_A_REQUEST = 100;

/** ECS cuts nothing: a longer reason is refused (ECS API, StopTask). */
const REASON_LENGTH = 1024;

/**
 * Which of the cluster's tasks belong to a run is seen by the variable they were started with: a state machine can't set
 * `startedBy`.
 */
const RUN_VARIABLE = 'PLIMSOLL_RUN';

export interface TaskPlace {
  /** Of load tests alone: generators, and collectors beside them. */
  readonly cluster: string;
}

/**
 * "The Amazon ECS API follows an eventual consistency model … starting with a couple of seconds of wait time" (ECS API, RunTask):
 * a task that was just started may not be listed yet, or listed and not described.
 */
const SETTLED_MS = 3000;

/** What one look at the cluster shows. */
interface Look {
  readonly ofRun: readonly string[];
  /** Listed as running, but not described, so their run is not known. */
  readonly unknown: readonly string[];
}

export class EcsTasks implements Tasks {
  readonly #client: ECSClient;
  readonly #place: TaskPlace;
  readonly #settledMs: number;

  constructor(client: ECSClient, place: TaskPlace, settledMs = SETTLED_MS) {
    this.#client = client;
    this.#place = place;
    this.#settledMs = settledMs;
  }

  async listRunning(runId: string): Promise<readonly string[]> {
    const { ofRun } = await this.#look(runId);
    if (ofRun.length > 0) return ofRun;
    // That there are none is believed only when it is still so a little later.
    await sleep(this.#settledMs);
    const later = await this.#look(runId);
    if (later.ofRun.length === 0 && later.unknown.length > 0)
      throw new PlimsollError('E-AWS', 'ecs:DescribeTasks: ECS lists tasks as running that it does not describe', [
        ...later.unknown,
      ]);
    return later.ofRun;
  }

  async whyStopped(runId: string): Promise<readonly string[]> {
    const tasks = (await this.#described(await this.#arns('STOPPED'))).filter((task) => runOf(task) === runId);
    const reasons = tasks.flatMap(({ stoppedReason, containers = [] }) => [
      stoppedReason,
      ...containers.map(({ reason, exitCode }) => reason ?? (exitCode ? `exit code ${exitCode}` : undefined)),
    ]);
    return [...new Set(reasons)].filter((reason) => reason !== undefined);
  }

  async stop(taskArn: string, reason: string): Promise<void> {
    const command = new StopTaskCommand({
      cluster: this.#place.cluster,
      task: taskArn,
      reason: reason.slice(0, REASON_LENGTH),
    });
    try {
      await callAws('ecs:StopTask', () => this.#client.send(command));
    } catch (error) {
      // "The referenced task was not found": it ended more than an hour ago.
      if (causeName(error) !== 'InvalidParameterException') throw error;
    }
  }

  async #look(runId: string): Promise<Look> {
    const running = await this.#arns('RUNNING');
    // A task that is to be STOPPED runs on until it has ended; one that is not described any more has. It may be asked for that in
    // between, and stand in both lists.
    const arns = [...new Set([...running, ...(await this.#arns('STOPPED'))])];
    const tasks = await this.#described(arns);
    const described = new Set(tasks.map(({ taskArn }) => taskArn));
    return {
      ofRun: tasks
        .filter((task) => task.lastStatus !== 'STOPPED' && runOf(task) === runId)
        .flatMap(({ taskArn }) => taskArn ?? []),
      unknown: running.filter((arn) => !described.has(arn)),
    };
  }

  async #described(arns: readonly string[]): Promise<Task[]> {
    const tasks: Task[] = [];
    for (let at = 0; at < arns.length; at += TASKS_A_REQUEST)
      tasks.push(...(await this.#describe(arns.slice(at, at + TASKS_A_REQUEST))));
    return tasks;
  }

  async #arns(desiredStatus: 'RUNNING' | 'STOPPED'): Promise<string[]> {
    return await callAws('ecs:ListTasks', async () => {
      const arns: string[] = [];
      const request = { ...this.#place, desiredStatus };
      for await (const { taskArns = [] } of paginateListTasks({ client: this.#client }, request))
        arns.push(...taskArns);
      return arns;
    });
  }

  async #describe(tasks: string[]): Promise<Task[]> {
    const command = new DescribeTasksCommand({ cluster: this.#place.cluster, tasks });
    const reply = await callAws('ecs:DescribeTasks', () => this.#client.send(command));
    return reply.tasks ?? [];
  }
}

const runOf = ({ overrides }: Task): string | undefined =>
  overrides?.containerOverrides
    ?.flatMap(({ environment = [] }) => environment)
    .find(({ name }) => name === RUN_VARIABLE)?.value;
