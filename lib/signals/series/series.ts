import type { Scrape, Signal, SignalSeries } from '../signal.ts';

/** Readings for which a source may be silent: for longer it leaves a gap, after which its counters begin anew. */
export const MOST_EARLIER = 10;

/**
 * Against the latest scrape that holds what the signal needs: a source that answers only every few seconds, as a service at its
 * limit does, is read over those seconds, and its mean stands at each of them.
 */
function pointsAt({ read }: Signal, now: Scrape, earlier: readonly Scrape[]): readonly (readonly [number, number])[] {
  for (const [skipped, before] of earlier.entries()) {
    if (before.of !== now.of) continue;
    const value = read(now, before);
    // Where less was said, a source was silent; else nothing that was said earlier makes the signal known.
    if (value === undefined && before.values.size >= now.values.size) return [];
    if (value === undefined) continue;
    const times = [
      ...earlier
        .slice(0, skipped)
        .map(({ atMs }) => atMs)
        .toReversed(),
      now.atMs,
    ];
    return Number.isFinite(value) ? times.map((atMs) => [atMs, value]) : [];
  }
  return [];
}

/** Builds every signal's series out of one scrape after another. */
export class SeriesBuilder {
  readonly #signals: readonly Signal[];
  readonly #startMs: number;
  readonly #points = new Map<string, [number, number][]>();
  /** The latest first. */
  #earlier: readonly Scrape[] = [];

  /** `startMs` is the run's start, from which points count their seconds. */
  constructor(signals: readonly Signal[], startMs: number) {
    this.#signals = signals;
    this.#startMs = startMs;
  }

  add(now: Scrape): void {
    const earlier = this.#earlier;
    this.#earlier = [now, ...earlier].slice(0, MOST_EARLIER);
    // Where nothing was said nothing is read: of what runs as tasks, every second.
    if (now.values.size === 0) return;
    for (const signal of this.#signals) {
      const found = pointsAt(signal, now, earlier);
      if (found.length === 0) continue;
      const points = this.#points.get(signal.id) ?? [];
      for (const [atMs, value] of found) points.push([(atMs - this.#startMs) / 1000, value]);
      this.#points.set(signal.id, points);
    }
  }

  /** By id, the last value of every signal that was read at `sinceMs` or later. */
  latest(sinceMs: number): Map<string, number> {
    const sinceSeconds = (sinceMs - this.#startMs) / 1000;
    const values = new Map<string, number>();
    for (const [id, points] of this.#points) {
      const [atSeconds, value] = points.at(-1) ?? [Number.NEGATIVE_INFINITY, Number.NaN];
      if (atSeconds >= sinceSeconds) values.set(id, value);
    }
    return values;
  }

  /** Signals that were never read have no series: nothing measured is not zero. */
  series(): SignalSeries[] {
    return this.#signals.flatMap(({ id, title, unit, kind, limit }) => {
      const points = this.#points.get(id);
      return points === undefined ? [] : [{ id, title, unit, kind, ...(limit && { limit }), points: [...points] }];
    });
  }
}

/** Readings of a signal between two moments of the run, in seconds. */
export const readingsWithin = (series: SignalSeries | undefined, fromSeconds: number, toSeconds: number): number[] =>
  (series?.points ?? []).filter(([at]) => at >= fromSeconds && at <= toSeconds).map(([, value]) => value);
