import { LaidOut, Layout, laidOutOf } from './layout.ts';
import type { FleetScrape, Scrape, ScrapeValues, Signal, SignalSeries } from '../signal.ts';
import { MOST_EARLIER, SeriesBuilder } from './series.ts';

/** How well the tasks of a service could be read. */
export interface FleetCoverage {
  readonly readings: number;
  /** Readings in which a task that had answered before was silent: what is read of all tasks has a gap there. */
  readonly incomplete: number;
  /** The most tasks that answered at once. */
  readonly tasks: number;
}

const SILENCE: ScrapeValues = new Map();

/**
 * Builds every signal's series out of scrapes of a service that runs as several tasks. What there is once (database, cache) is read as it
 * stands. Of the tasks a signal is the worst one's, or read from all of them as one; then a silent task makes a gap, since the sum
 * of the others would look like less load, and a task that comes or goes begins the counters anew.
 */
export class FleetSeries {
  readonly #signals: readonly Signal[];
  readonly #worst: readonly Signal[];
  readonly #startMs: number;
  readonly #once: SeriesBuilder;
  readonly #together: SeriesBuilder;
  readonly #each = new Map<string, SeriesBuilder>();
  /** Readings for which a task that has answered before is silent. */
  readonly #silentFor = new Map<string, number>();
  readonly #joined = new Joined();
  /** The tasks of the last whole scrape. */
  #lastOf = '';
  #coverage: FleetCoverage = { readings: 0, incomplete: 0, tasks: 0 };

  constructor(signals: readonly Signal[], startMs: number) {
    this.#signals = signals;
    this.#worst = signals.filter(({ ofTasks }) => ofTasks === 'worst');
    this.#startMs = startMs;
    this.#once = new SeriesBuilder(signals, startMs);
    const together = signals.filter(({ ofTasks }) => ofTasks === undefined);
    this.#together = new SeriesBuilder(together, startMs);
  }

  get coverage(): FleetCoverage {
    return this.#coverage;
  }

  add({ atMs, values, tasks = new Map() }: FleetScrape): void {
    this.#once.add({ atMs, values });
    this.#listen(tasks);
    for (const task of this.#silentFor.keys()) this.#builderOf(task).add({ atMs, values: tasks.get(task) ?? SILENCE });
    if (this.#silentFor.size > 0) this.#together.add({ atMs, ...this.#asOne(values, tasks) });
  }

  /** Signals that were never read have no series: nothing measured is not zero. */
  series(): SignalSeries[] {
    const once = bySignal(this.#once.series());
    const together = bySignal(this.#together.series());
    const each = Array.from(this.#each.values(), (builder) => bySignal(builder.series()));
    return this.#signals.flatMap((signal) => {
      const { id, ofTasks } = signal;
      const ofAll = ofTasks === 'worst' ? worstOf(signal, each) : together.get(id);
      return once.get(id) ?? ofAll ?? [];
    });
  }

  /** A task counts from its first answer until it is gone, or silent for so long that it may as well be. */
  #listen(tasks: ReadonlyMap<string, ScrapeValues | undefined>): void {
    for (const [task, silent] of this.#silentFor)
      if (!tasks.has(task) || silent >= MOST_EARLIER) this.#silentFor.delete(task);
    for (const [task, answer] of tasks) {
      const silent = this.#silentFor.get(task);
      if (answer !== undefined) this.#silentFor.set(task, 0);
      else if (silent !== undefined) this.#silentFor.set(task, silent + 1);
    }
    const silent = [...this.#silentFor.values()].filter((readings) => readings > 0).length;
    const { readings, incomplete, tasks: most } = this.#coverage;
    this.#coverage = {
      readings: readings + 1,
      incomplete: incomplete + (silent > 0 ? 1 : 0),
      tasks: Math.max(most, this.#silentFor.size - silent),
    };
  }

  #builderOf(task: string): SeriesBuilder {
    const known = this.#each.get(task) ?? new SeriesBuilder(this.#worst, this.#startMs);
    this.#each.set(task, known);
    return known;
  }

  #asOne(once: ScrapeValues, tasks: ReadonlyMap<string, ScrapeValues | undefined>): Pick<Scrape, 'values' | 'of'> {
    const answers: LaidOut[] = [];
    const names: string[] = [];
    for (const task of [...this.#silentFor.keys()].toSorted()) {
      const answer = tasks.get(task);
      // Of those that answered: the same tasks as before, but nothing of them.
      if (answer === undefined) return { values: once, of: this.#lastOf };
      names.push(`${task} ${answer.get(STARTED) ?? ''}`);
      answers.push(laidOutOf(answer));
    }
    this.#lastOf = names.join();
    return { values: this.#joined.of([laidOutOf(once), ...answers]), of: this.#lastOf };
  }
}

/** A process that was replaced within its task begins its counters anew, which the sum of all might hide. */
const STARTED = 'process_start_time_seconds';

/** The values of several that are read as one. */
class Joined {
  #parts: readonly Layout[] = [];
  #layout = new Layout([]);

  /** The first stands as it is; each key of the others has its number, so that a part and its whole meet within a task. */
  of(all: readonly LaidOut[]): LaidOut {
    const parts = all.map(({ layout }) => layout);
    if (parts.length !== this.#parts.length || parts.some((layout, at) => layout !== this.#parts[at])) {
      this.#parts = parts;
      this.#layout = new Layout(parts.flatMap(({ keys }, at) => (at === 0 ? keys : keys.map(labelled(at)))));
    }
    const numbers = new Float64Array(this.#layout.keys.length);
    let from = 0;
    for (const each of all) {
      numbers.set(each.numbers, from);
      from += each.numbers.length;
    }
    return new LaidOut(this.#layout, numbers);
  }
}

const labelled = (task: number): ((key: string) => string) => {
  const label = `plimsoll_task="${task}"`;
  return (key) => (key.endsWith('}') ? key.replace('{', `{${label},`) : `${key}{${label}}`);
};

const bySignal = (all: readonly SignalSeries[]): ReadonlyMap<string, SignalSeries> =>
  new Map(all.map((series) => [series.id, series]));

/** Second by second, of the tasks that were read in it. */
function worstOf({ id, limit }: Signal, each: readonly ReadonlyMap<string, SignalSeries>[]): SignalSeries | undefined {
  const found = each.flatMap((series) => series.get(id) ?? []);
  const [first, ...others] = found;
  if (first === undefined || others.length === 0) return first;
  const isWorse = limit !== undefined && 'below' in limit ? Math.min : Math.max;
  const worst = new Map<number, number>();
  for (const [at, value] of found.flatMap(({ points }) => points))
    worst.set(at, isWorse(worst.get(at) ?? value, value));
  const points = [...worst].toSorted(([a], [b]) => a - b);
  return { ...first, points };
}
