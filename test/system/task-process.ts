import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { type IntervalWire, parseInterval } from '../../lib/measure/codec.ts';
import { planFromObject } from '../../lib/plan/parse.ts';
import type { PlanInput } from '../../lib/plan/schema.ts';
import { runKeys } from '../../lib/run/archive/keys.ts';
import { storePhase, startedAtMs, workerEnd, type WorkerEnd } from '../../lib/run/archive/phase-files.ts';
import { type Store, textAt } from '../../lib/run/archive/store.ts';
import type { Share } from '../../lib/schedule/arrivals.ts';

const MAIN = fileURLToPath(new URL('../../loadgen/task/main.ts', import.meta.url));
const door = { readBytes: () => Promise.reject(new Error('no files')), signalIds: [], env: {} };

/** A run with one phase, as Prepare leaves it behind in a store: a folder, or whatever else has an address. */
export class PreparedRun {
  readonly id = 'r1';
  readonly keys = runKeys(this.id).phase(0);
  readonly store: Store;
  readonly #address: string;

  constructor(folder: string, store: Store = new FolderStore(folder), address = pathToFileURL(folder).href) {
    this.store = store;
    this.#address = address;
  }

  async prepare(target: string, input: Omit<PlanInput, 'name'>): Promise<void> {
    const plan = await planFromObject({ name: 'prepared', ...input }, door);
    await this.store.put(runKeys(this.id).plan, JSON.stringify(plan));
    await this.store.put(runKeys(this.id).run, JSON.stringify({ id: this.id, target }));
    const [phase] = plan.phases;
    if (phase === undefined) throw new RangeError('the plan has no phase');
    await storePhase(this.store, this.keys, { phase, handedOut: 1, passed: 1, stopped: false });
  }

  /** The environment of one worker's task. */
  environment({ index, of }: Share, barrierSeconds = 30): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      PLIMSOLL_STORE: this.#address,
      PLIMSOLL_RUN: this.id,
      PLIMSOLL_PHASE: '0',
      PLIMSOLL_WORKER: `${index}/${of}`,
      PLIMSOLL_ENVIRONMENT: 'test',
      PLIMSOLL_BARRIER_SECONDS: String(barrierSeconds),
    };
  }

  async intervals(worker: number): Promise<IntervalWire[]> {
    const found: IntervalWire[] = [];
    for await (const key of this.store.list(`${this.keys.intervalsPrefix}${worker}/`)) {
      const lines = (await textAt(this.store, key))?.trim().split('\n') ?? [];
      found.push(...lines.map((line) => parseInterval(JSON.parse(line))));
    }
    return found;
  }

  async startAtMs(): Promise<number | undefined> {
    return await startedAtMs(this.store, this.keys);
  }

  async end(worker: number): Promise<WorkerEnd | undefined> {
    return await workerEnd(this.store, this.keys, worker);
  }
}

export interface TaskEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One generator's task as a child process. */
export class TaskProcess {
  readonly ended: Promise<TaskEnd>;
  readonly #child: ChildProcess;

  constructor(
    environment: Record<string, string>,
    { args = [MAIN], cwd }: { args?: readonly string[]; cwd?: string } = {},
  ) {
    const child = spawn(process.execPath, args, { env: environment, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
      ([[code], stdout, stderr]) => ({ code: code as number | null, stdout, stderr }),
    );
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
