import { availableParallelism, cpus, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { FleetScrape, ScrapeValues } from '../../signals/signal.ts';

/** Something whose values can be read by name. A reading that fails is a gap in the series, never the end of a run. */
export interface SignalSource {
  read(signal: AbortSignal): Promise<ScrapeValues>;
  close(): Promise<void>;
}

/** Where the tasks of a service are read, which come and go. */
export interface TaskSources {
  /** By task, of all that should run now. */
  current(): ReadonlyMap<string, SignalSource>;
  close(): Promise<void>;
}

/** What a sampler reads. */
export interface Sampled {
  readonly sources: readonly SignalSource[];
  /** Where the service runs as several tasks. */
  readonly tasks?: TaskSources;
}

/** Takes what was read. */
interface Series {
  add(scrape: FleetScrape): void;
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
  readonly #sampled: Sampled;
  readonly #series: Series;
  readonly #everyMs: number;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(sampled: Sampled, series: Series, everyMs = LEAST_EVERY_MS) {
    this.#sampled = sampled;
    this.#series = series;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    const deadline = deadlineAfter(CLOSE_MS);
    const { sources, tasks } = this.#sampled;
    const open = [...sources, ...(tasks === undefined ? [] : [tasks])];
    await Promise.allSettled(open.map((source) => Promise.race([source.close(), deadline.passed])));
    deadline.end();
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
    const deadline = deadlineAfter(DEADLINE_MS, this.#stopping.signal);
    const { sources, tasks } = this.#sampled;
    const [readings, answers] = await Promise.all([
      Promise.all(sources.map((source) => readingOf(source, deadline))),
      tasks && answersOf(tasks.current(), deadline),
    ]);
    deadline.end();
    const values = new Map(readings.flatMap((reading) => [...(reading ?? [])]));
    this.#series.add({ atMs, values, ...(answers && { tasks: answers }) });
  }
}

/** Undefined where it fails: a gap in the series. Some clients know no signal; the deadline holds for them as well. */
async function readingOf(source: SignalSource, { signal, passed }: Deadline): Promise<ScrapeValues | undefined> {
  try {
    return await Promise.race([source.read(signal), passed]);
  } catch {
    return undefined;
  }
}

async function answersOf(
  tasks: ReadonlyMap<string, SignalSource>,
  deadline: Deadline,
): Promise<ReadonlyMap<string, ScrapeValues | undefined>> {
  const answers = Array.from(tasks, async ([task, source]) => [task, await readingOf(source, deadline)] as const);
  return new Map(await Promise.all(answers));
}

/** One for all that are read at once. */
interface Deadline {
  readonly signal: AbortSignal;
  /** Rejects then. */
  readonly passed: Promise<never>;
  readonly end: () => void;
}

/**
 * Its timer holds the process, as that of `AbortSignal.timeout` does not: sources that are closed let go of their sockets, and what
 * comes after the last of them would never be done.
 */
function deadlineAfter(ms: number, earlier?: AbortSignal): Deadline {
  const controller = new AbortController();
  const { promise: passed, reject } = Promise.withResolvers<never>();
  const pass = (): void => {
    reject(new Error('it took too long'));
    controller.abort();
  };
  // It may pass when nothing waits for it any more.
  passed.catch(() => undefined);
  const timer = setTimeout(pass, ms);
  earlier?.addEventListener('abort', pass, { once: true });
  const end = (): void => {
    clearTimeout(timer);
    earlier?.removeEventListener('abort', pass);
  };
  return { signal: controller.signal, passed, end };
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
