import { planFromObject } from '../../../lib/plan/parse.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { readReportAssets } from '../../../lib/adapters/node/report-assets.ts';
import { renderersWith } from '../../../lib/report/formats/index.ts';
import { gate } from '../../../lib/run/workflow/gate.ts';
import { storeRunOfExecution, storeDecision } from '../../../lib/run/archive/run-record.ts';
import { next, NOT_BEGUN } from '../../../lib/run/next.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { takeLock } from '../../../lib/run/archive/lock.ts';
import { reportRun } from '../../../lib/run/workflow/report.ts';
import type { CloudSettings } from '../../../lib/run/workflow/settings.ts';
import type { Store } from '../../../lib/run/archive/store.ts';
import { hurried, quietAlarms, shopSettings } from '../../lib/run/workflow/settings.ts';
import { type TaskEnd, TaskProcess } from '../task-process.ts';

const door = { readBytes: () => Promise.reject(new Error('no files')), signalIds: [], env: {} };
const metrics = { read: async () => ({ points: new Map(), periodSeconds: 60, doubts: [] }) };

export interface RunInStoreProps {
  readonly id: string;
  readonly store: Store;
  readonly address: string;
  readonly execution: string;
  readonly target: string;
}

/** A run as the workflow makes it in a store, whose steps a test takes one by one: the real code of each. */
export class RunInStore {
  readonly #props: RunInStoreProps;
  readonly #settings: CloudSettings;

  constructor(props: RunInStoreProps) {
    this.#props = props;
    this.#settings = { ...shopSettings, environment: 'local', target: props.target };
  }

  /** What Prepare does once nothing speaks against the run. */
  async prepare(input: Omit<PlanInput, 'name'>): Promise<void> {
    const { id, store, execution, target } = this.#props;
    const plan = await planFromObject({ name: `plan of ${id}`, target, ...input }, door);
    const nobody = { isRunning: async () => false };
    await takeLock({ store, executions: nobody, tasks: { listRunning: async () => [] } }, { execution, run: id });
    const startedAt = new Date().toISOString();
    const facts = { id, startedAt, environment: 'local', target, execution, planSha256: 'x', workers: 1 };
    await storeRunOfExecution(store, { facts, plan });
    await storeDecision(store, runKeys(id), next({ plan, ...NOT_BEGUN }));
  }

  /** One worker's task of a phase, as a process. */
  async load(phase: number): Promise<TaskEnd> {
    return await new TaskProcess({
      PATH: process.env['PATH'] ?? '',
      PLIMSOLL_STORE: this.#props.address,
      PLIMSOLL_RUN: this.#props.id,
      PLIMSOLL_PHASE: String(phase),
      PLIMSOLL_WORKER: '0/1',
      PLIMSOLL_ENVIRONMENT: 'local',
      PLIMSOLL_BARRIER_SECONDS: '30',
    }).ended;
  }

  async gate(phase: number): Promise<void> {
    const { id, store } = this.#props;
    const state = { run: id, phase, load: [{ worker: '0/1' }] };
    await gate({ ...hurried, store, metrics }, this.#settings, { state });
  }

  /** `aborted`: why it was broken off. */
  async report(aborted?: string): Promise<void> {
    const { id, store, execution } = this.#props;
    const state = { run: id, ...(aborted !== undefined && { aborted }) };
    const notify = async (): Promise<void> => undefined;
    await reportRun(
      { ...hurried, store, metrics, notify, alarmHistory: quietAlarms },
      this.#settings,
      { execution, state },
      renderersWith(readReportAssets()),
    );
  }
}
