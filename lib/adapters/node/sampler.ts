import { availableParallelism, cpus, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { SeriesBuilder } from '../../signals/series.ts';

/** Something whose values can be read by name. A reading that fails is a gap in the series, never the end of a run. */
export interface SignalSource {
  read(signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

const LEAST_EVERY_MS = 1000;

/** Readings of a run, at the most: a soak of eight hours is read every 4 s, so that its memory and its report have a bound. */
const MOST_READINGS = 7200;

/** How often a run that lasts `totalUs` by plan is read, in ms. */
export const readingEveryMs = (totalUs: number): number => Math.max(LEAST_EVERY_MS, totalUs / 1000 / MOST_READINGS);

/** A source that doesn't end when it is closed is left to itself. */
const CLOSE_MS = 1000;

/** Shorter than the interval between readings, so that a hanging source can't pile them up. */
const DEADLINE_MS = 800;

/** Reads every source again and again into the series, until it is stopped. */
export class Sampler {
  readonly #sources: readonly SignalSource[];
  readonly #series: SeriesBuilder;
  readonly #everyMs: number;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(sources: readonly SignalSource[], series: SeriesBuilder, everyMs = LEAST_EVERY_MS) {
    this.#sources = sources;
    this.#series = series;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), CLOSE_MS);
    await Promise.allSettled(this.#sources.map((source) => withDeadline(() => source.close(), late.signal)));
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const startedAt = performance.now();
      await this.#sample();
      const restMs = Math.max(0, this.#everyMs - (performance.now() - startedAt));
      await delay(restMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  async #sample(): Promise<void> {
    // When it was asked, not when the slowest had answered: the time between two readings is what rates are divided by.
    const atMs = Date.now();
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(DEADLINE_MS)]);
    const readings = await Promise.allSettled(
      this.#sources.map((source) => withDeadline(() => source.read(signal), signal)),
    );
    const values = new Map<string, number>();
    for (const reading of readings) {
      if (reading.status !== 'fulfilled') continue;
      for (const [name, value] of reading.value) values.set(name, value);
    }
    this.#series.add({ atMs, values });
  }
}

/** Some clients know no signal; the deadline holds for them as well. */
async function withDeadline<T>(begin: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new Error('it took too long'));
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([begin(), promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** How busy this machine's cores are, for runs whose target is on it too. */
export function hostSource(): SignalSource {
  let before = hostTimes();
  return {
    read: async () => {
      const now = hostTimes();
      const [total, idle] = [now.total - before.total, now.idle - before.idle];
      before = now;
      const sizes = [
        ['host_cores', availableParallelism()],
        ['host_memory_bytes', totalmem()],
      ] as const;
      return new Map<string, number>(total > 0 ? [...sizes, ['host_cpu_ratio', 1 - idle / total]] : sizes);
    },
    close: async () => undefined,
  };
}

function hostTimes(): { total: number; idle: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, each) => sum + each.idle, 0);
  return { idle, total: times.reduce((sum, each) => sum + each.user + each.nice + each.sys + each.irq + each.idle, 0) };
}
