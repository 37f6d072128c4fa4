import type { Scrape, Signal, SignalSeries } from './signal.ts';

/** Builds every signal's series out of one scrape after another. */
export class SeriesBuilder {
  readonly #signals: readonly Signal[];
  readonly #startMs: number;
  readonly #points = new Map<string, [number, number][]>();
  #before: Scrape | undefined;

  /** `startMs` is the run's start, from which points count their seconds. */
  constructor(signals: readonly Signal[], startMs: number) {
    this.#signals = signals;
    this.#startMs = startMs;
  }

  add(now: Scrape): void {
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return;
    for (const signal of this.#signals) {
      const value = signal.read(now, before);
      if (value === undefined || !Number.isFinite(value)) continue;
      const points = this.#points.get(signal.id) ?? [];
      points.push([(now.atMs - this.#startMs) / 1000, value]);
      this.#points.set(signal.id, points);
    }
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
