import { FolderStore } from '../../../lib/adapters/node/folder-store.ts';
import { encodeInterval } from '../../../lib/measure/encode.ts';
import { record } from '../../../lib/measure/histogram.ts';
import { emptyInterval, stepOf, type Interval } from '../../../lib/measure/interval.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { fileURLToPath } from 'node:url';
import type { Generate } from './local-cloud.ts';

/** What a made-up worker saw in each second, and how it ends. */
export interface Behaviour {
  /** Of ten requests a second, so many fail. */
  readonly failing?: number;
  /** Share of its core that the generator used. */
  readonly cpuRatio?: number;
  /** After its first second such a worker waits to be told to stop. */
  readonly hangs?: (worker: number) => boolean;
  /** Such a worker's task can't be started, and this is what ECS says of it. */
  readonly refused?: (worker: number) => string | undefined;
  /** Exits so, without a word: by try, from 0; undefined goes on as usual. */
  readonly exits?: (worker: number, attempt: number) => number | undefined;
}

export const PER_SECOND = 10;
const SECONDS = 3;

/** Generators that store what a phase of three seconds would have left, at once: for branches where load isn't the point. */
export function fakeGenerator(behaviour: Behaviour = {}): Generate {
  const { failing = 0, cpuRatio = 0.1, hangs = () => false, exits, refused } = behaviour;
  const attempts = new Map<string, number>();
  return async (environment, stopped) => {
    const { PLIMSOLL_RUN: run = '', PLIMSOLL_PHASE: phase = '', PLIMSOLL_WORKER: share = '' } = environment;
    const worker = Number.parseInt(share, 10);
    const attempt = attempts.get(`${phase} ${share}`) ?? 0;
    attempts.set(`${phase} ${share}`, attempt + 1);
    const refusal = refused?.(worker);
    if (refusal !== undefined) throw Object.assign(new Error(refusal), { name: 'ECS.AmazonECSException' });
    const code = exits?.(worker, attempt);
    if (code !== undefined) return code;
    const isHanging = hangs(worker);
    const store = new FolderStore(fileURLToPath(environment['PLIMSOLL_STORE'] ?? ''));
    const keys = runKeys(run).phase(Number(phase));
    await store.put(keys.start, JSON.stringify({ startAtMs: Date.now() }), 'absent');
    const seconds = Array.from({ length: isHanging ? 1 : SECONDS }, (_, second) =>
      JSON.stringify(encodeInterval({ phase: Number(phase), worker, second }, secondOf(failing, cpuRatio))),
    );
    await store.put(keys.intervals(worker, 0), seconds.join('\n'));
    if (isHanging && !stopped.aborted) await new Promise((resolve) => stopped.addEventListener('abort', resolve));
    await store.put(keys.end(worker), JSON.stringify(isHanging ? { lost: 'it was stopped' } : {}));
    return isHanging ? 143 : 0;
  };
}

function secondOf(failing: number, cpuRatio: number): Interval {
  const interval = emptyInterval();
  Object.assign(interval.arrivals, { due: PER_SECOND, started: PER_SECOND, completed: PER_SECOND });
  Object.assign(interval.generator, { cpuUs: cpuRatio * 1e6, wallUs: 1e6, busiestRatio: cpuRatio });
  const { ledger, responseTime, serviceTime } = stepOf(interval, 0);
  Object.assign(ledger, { sent: PER_SECOND, ok: PER_SECOND - failing, failed: failing });
  if (failing > 0) ledger.failures['status'] = failing;
  for (let n = 0; n < PER_SECOND; n += 1) {
    record(responseTime, 5000);
    record(serviceTime, 5000);
  }
  return interval;
}
