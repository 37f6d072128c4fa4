import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { FolderStore } from '../../../lib/adapters/node/folder-store.ts';
import { readHealth } from '../../../lib/adapters/node/preflight.ts';
import { readReportAssets } from '../../../lib/adapters/node/report-assets.ts';
import type { Summary } from '../../../lib/report/summary.ts';
import { renderersWith } from '../../../lib/report/formats/index.ts';
import { abort } from '../../../lib/run/workflow/abort.ts';
import { mitigatedState, mitigateFailed } from '../../../lib/run/workflow/mitigation.ts';
import type { ExecutionStatus } from '../../../lib/run/workflow/execution-status.ts';
import { gate } from '../../../lib/run/workflow/gate.ts';
import type { AlarmState, CloudPorts, Metrics } from '../../../lib/run/workflow/ports.ts';
import { prepare } from '../../../lib/run/workflow/prepare.ts';
import { reportRun, type Renderer } from '../../../lib/run/workflow/report.ts';
import type { CloudSettings } from '../../../lib/run/workflow/settings.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { textAt } from '../../../lib/run/archive/store.ts';
import { handlerOf, stateEvent } from '../../../lambda/handler-of.ts';
import { quietAlarms, shopService, shopSettings } from '../../lib/run/workflow/settings.ts';
import { type Definition, tasksIn } from './definitions.ts';
import { overrides } from './overrides.ts';
import { WatchedStore } from './watched-store.ts';
import { execute, type Execution, type Handler, type Json, type Running } from './execute.ts';

/** One task: what its environment says, and when it is told to stop. Resolves with its exit code. */
export type Generate = (environment: Readonly<Record<string, string>>, stopped: AbortSignal) => Promise<number>;

export interface LocalCloudProps {
  readonly definitions: Readonly<Record<'workflow' | 'aftermath', Definition>>;
  readonly target: string;
  readonly generate: Generate;
  readonly workers?: number;
  readonly renderers?: readonly Renderer[];
  readonly alarms?: readonly AlarmState[];
  /** Of the service under load; else nothing is known of it. */
  readonly metrics?: Metrics;
  /** Whom a failed phase raises the service to; it has two tasks. */
  readonly mitigation?: CloudSettings['mitigation'];
  /** The collector's task; none where there is none. */
  readonly collect?: Generate;
  /** The task that cleans test data; none where there is none. */
  readonly clean?: () => Promise<void>;
}

/** As their functions are called in the template. */
export type StepName = 'PrepareStep' | 'GateStep' | 'AbortStep' | 'ReportStep';

/** How a run ended, and what came after where it did not end by its own states. */
export interface Ended {
  readonly execution: Execution;
  readonly aftermath?: Execution;
}

/** The workflow's world on one machine: a folder as bucket, generators as the test wants them, the real code of every step. */
export class LocalCloud {
  readonly folder = mkdtempSync(join(tmpdir(), 'plimsoll-workflow-'));
  readonly store = new FolderStore(this.folder);
  readonly notices: string[] = [];
  /** Of the service under test. */
  desiredTasks = 2;
  readonly settings: CloudSettings;
  /** What each step has asked of the store. */
  readonly storeCalls: Readonly<Record<StepName, Set<string>>> = {
    PrepareStep: new Set(),
    GateStep: new Set(),
    AbortStep: new Set(),
    ReportStep: new Set(),
  };
  readonly #ports: CloudPorts;
  readonly #props: LocalCloudProps;
  readonly #tasks = new Map<string, { readonly run: string; readonly stopping: AbortController }>();
  readonly #executions = new Map<string, Running>();
  readonly #ended = new Map<string, ExecutionStatus>();
  #count = 0;

  constructor(props: LocalCloudProps) {
    this.#props = props;
    this.settings = {
      ...shopSettings,
      environment: 'local',
      alarms: ['error-rate'],
      target: props.target,
      workers: props.workers ?? 2,
      barrierSeconds: 30,
      mayReset: props.clean !== undefined,
      ...(props.collect && { collector: { metricsPath: '/metrics', database: true, cache: true, vcpus: 0.25 } }),
      mitigation: props.mitigation,
      links: pathToFileURL(`${this.folder}/`).href,
      resources: props.metrics === undefined ? {} : shopService,
    };
    this.#ports = this.#makePorts();
  }

  /** Tasks that run now. */
  get tasksLeft(): number {
    return this.#tasks.size;
  }

  /** Starts an execution, and what EventBridge would start after it. */
  start(
    input: Json,
    change: (definition: Definition) => Definition = (same) => same,
  ): Running & { whole: Promise<Ended> } {
    const { workflow, aftermath } = this.#props.definitions;
    const arn = `arn:aws:states:us-east-1:111122223333:execution:local-load-test:${(this.#count += 1)}`;
    const running = execute({ definition: change(workflow), arn, input, handlers: this.#handlers(workflow) });
    this.#executions.set(arn, running);
    const after = async (): Promise<Ended> => {
      const execution = await running.ended;
      this.#executions.delete(arn);
      const { status, error = '', cause = '' } = execution;
      this.#ended.set(arn, { status, error, cause, endedAtMs: Date.now() });
      if (execution.status === 'SUCCEEDED') return { execution };
      const event = { execution: arn, status: execution.status };
      const order = { definition: aftermath, arn: `${arn}-after`, input: event, handlers: this.#handlers(aftermath) };
      return { execution, aftermath: await execute(order).ended };
    };
    return { ...running, whole: after() };
  }

  portsOf(step: StepName): CloudPorts {
    return { ...this.#ports, store: new WatchedStore(this.store, (call) => this.storeCalls[step].add(call)) };
  }

  async onlyRun(): Promise<string> {
    for await (const key of this.store.list('runs/')) return key.split('/')[1] ?? '';
    throw new Error('there is no run');
  }

  /** Of the only run, once it is reported. */
  async summary(): Promise<Summary | undefined> {
    const text = await textAt(this.store, runKeys(await this.onlyRun()).file('summary.json'));
    return text === undefined ? undefined : (JSON.parse(text) as Summary);
  }

  /** Resolves when so many workers have stored something and go on; rejects where the execution has ended before. */
  async loaded(workers: number): Promise<void> {
    for (let chunks = 0; chunks < workers || this.tasksLeft < workers; await sleep(10)) {
      if (this.#executions.size === 0) throw new Error(`it ended: ${JSON.stringify([...this.#ended.values()])}`);
      chunks = 0;
      for await (const key of this.store.list('runs/')) chunks += Number(key.endsWith('.ndjson'));
    }
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #handlers(definition: Definition): Record<string, Handler> {
    return Object.fromEntries(tasksIn(definition).map(([name, resource]) => [name, this.#handlerFor(name, resource)]));
  }

  /** By what the task calls. Like Lambda, a step sees only JSON and answers only JSON. */
  #handlerFor(state: string, resource: string): Handler {
    const clean = this.#props.clean ?? (() => Promise.reject(new Error('nothing here cleans data')));
    if (state === 'CleanData') return () => clean().then(() => ({}));
    if (resource.endsWith(':states:::ecs:runTask.sync')) return (input) => this.#runTask(input, this.#props.generate);
    const { collect } = this.#props;
    if (resource.endsWith(':states:::ecs:runTask')) return async (input) => this.#beginTask(input, collect);
    const { settings } = this;
    const renderers = this.#props.renderers ?? renderersWith(readReportAssets());
    const steps: Record<StepName, (event: unknown) => Promise<unknown>> = {
      PrepareStep: handlerOf(stateEvent, (event) => prepare(this.portsOf('PrepareStep'), settings, event)),
      GateStep: handlerOf(stateEvent, (event) => gate(this.portsOf('GateStep'), settings, event)),
      AbortStep: (event) => this.#abortStep(event),
      ReportStep: handlerOf(stateEvent, (event) =>
        reportRun({ ...this.portsOf('ReportStep'), alarmHistory: quietAlarms }, settings, event, renderers),
      ),
    };
    const step = Object.entries(steps).find(([name]) => resource.includes(name))?.[1];
    if (step === undefined) throw new Error(`nothing here does what ${resource} does`);
    return async (input) => JSON.parse(JSON.stringify(await step(input))) as Json;
  }

  /** By what the state says, as lambda/abort/handler.ts does. */
  #abortStep(event: unknown): Promise<unknown> {
    const [ports, settings] = [this.portsOf('AbortStep'), this.settings];
    const { success: mustMitigate, data } = stateEvent.extend({ state: mitigatedState }).safeParse(event);
    if (mustMitigate) return mitigateFailed(ports, settings, data);
    return handlerOf(stateEvent, (given) => abort(ports, settings, given, 5000))(event);
  }

  /** As RunTask answers: the task begins, and what becomes of it is nobody's matter. */
  #beginTask(input: Json, task: Generate | undefined): Json {
    if (task === undefined) throw Object.assign(new Error('nothing here collects'), { name: 'ECS.ClientException' });
    this.#runTask(input, task).catch(() => undefined);
    return {};
  }

  async #runTask(input: Json, task: Generate): Promise<Json> {
    const environment: Record<string, string> = {
      PLIMSOLL_STORE: pathToFileURL(this.folder).href,
      PLIMSOLL_ENVIRONMENT: this.settings.environment,
      PLIMSOLL_BARRIER_SECONDS: String(this.settings.barrierSeconds),
      ...overrides(input),
    };
    const arn = `arn:aws:ecs:us-east-1:111122223333:task/local/${(this.#count += 1)}`;
    const stopping = new AbortController();
    this.#tasks.set(arn, { run: environment['PLIMSOLL_RUN'] ?? '', stopping });
    const code = await task(environment, stopping.signal).finally(() => this.#tasks.delete(arn));
    if (code === 0) return {};
    // As Step Functions describes a task that ended so: Developer Guide, "Run Amazon ECS or Fargate tasks".
    const StoppedReason = 'Essential container in task exited';
    const cause = JSON.stringify({ StoppedReason, Containers: [{ Name: 'generator', ExitCode: code }] });
    throw Object.assign(new Error(cause), { name: 'States.TaskFailed' });
  }

  #makePorts(): CloudPorts {
    return {
      store: this.store,
      tasks: {
        listRunning: async (run) => [...this.#tasks].filter(([, task]) => task.run === run).map(([arn]) => arn),
        whyStopped: async () => ['Essential container in task exited'],
        stop: async (arn, reason) => this.#tasks.get(arn)?.stopping.abort(reason),
      },
      metrics: this.#props.metrics ?? { read: async () => ({ points: new Map(), periodSeconds: 60, doubts: [] }) },
      alarms: { states: async () => this.#props.alarms ?? [{ name: 'local-error-rate', state: 'OK' }] },
      executions: {
        isRunning: async (arn) => this.#executions.has(arn),
        standing: async (arn) => (this.#executions.has(arn) ? { status: 'RUNNING' } : this.#ended.get(arn)),
        stop: async (arn) => this.#executions.get(arn)?.abort(),
      },
      service: {
        taskCounts: async () =>
          this.#props.mitigation && { desired: this.desiredTasks, running: this.desiredTasks, pending: 0 },
        setDesiredTasks: async (count) => void (this.desiredTasks = count),
        targetHealth: async () => undefined,
        balancerState: async () => undefined,
        databaseStatus: async () => undefined,
        newestSnapshot: async () => undefined,
        fargateVcpus: async () => 100,
      },
      notify: async (subject) => void this.notices.push(subject),
      nowMs: () => Date.now(),
      sleep: async (ms) => await sleep(ms),
      readHealth,
    };
  }
}
