import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { type Definition, executable } from './definitions.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Handler = (input: Json) => Promise<Json>;

/** How an execution ended. */
export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  /** In the order of entering; those inside of a Map stand as `Load/Generate`. */
  readonly states: readonly string[];
  /** Names of states that were tried again. */
  readonly retried: readonly string[];
}

export interface Running {
  readonly ended: Promise<Execution>;
  abort(): void;
}

export interface ExecutionOrder {
  readonly definition: Definition;
  readonly arn: string;
  readonly input: Json;
  readonly handlers: Readonly<Record<string, Handler>>;
}

/** Executes a definition on this machine. Waits between tries are cut short; nothing else is changed. */
export function execute({ definition, arn, input, handlers }: ExecutionOrder): Running {
  const machine = new StateMachine(executable(definition) as StateMachineDefinition);
  const soon = Object.fromEntries(Object.keys(handlers).map((name) => [name, 20]));
  const { result, abort, eventLogs } = machine.run(input, {
    overrides: { taskResourceLocalHandlers: handlers, retryIntervalOverrides: soon },
    context: { Execution: { Id: arn } },
  });
  return { abort, ended: ending(result, eventLogs) };
}

type Events = ReturnType<StateMachine['run']>['eventLogs'];

async function ending(result: Promise<Json>, events: Events): Promise<Execution> {
  const told = { states: [] as string[], retried: [] as string[] };
  const listening = listen(events, told);
  try {
    const output = await result;
    await listening;
    return { status: 'SUCCEEDED', output, ...told };
  } catch (thrown) {
    await listening;
    const { name, cause } = thrown as Error;
    if (name === 'ExecutionAbortedError') return { status: 'ABORTED', ...told };
    if (name === 'ExecutionTimeoutError') return { status: 'TIMED_OUT', ...told };
    const { name: error, message } = cause as Error;
    return { status: 'FAILED', error, cause: message, ...told };
  }
}

async function listen(events: Events, told: { states: string[]; retried: string[] }): Promise<void> {
  for await (const event of events) {
    if (event.type === 'StateEntered' && event.index === undefined) told.states.push(event.state.name);
    if (event.type === 'StateRetried') told.retried.push(event.state.name);
    if (/^Execution(?:Succeeded|Failed|Aborted|Timeout)$/.test(event.type)) return;
  }
}
