import type { IntervalWire } from '../../measure/codec.ts';
import { INTERVAL_FORMAT } from '../../measure/interval.ts';
import type { GivenTimes } from '../../measure/given.ts';
import { emptyHistogram, packHistogram, record } from '../../measure/histogram.ts';
import { emptyArrivals, emptyLedger, type Ledger } from '../../measure/ledger.ts';
import { addOutcome } from './ledger.ts';
import { Names } from './names.ts';
import { TimeTally } from './tally.ts';

/** Some ten megabytes of samples. */
const HELD = 512 * 1024;

/** Rows of one file come in about the order of their ends; seconds older than this are written. */
const LATE_SECONDS = 10;

/** Eleven days are longer than any load test, and what the keys of intervals have room for; a moment further away is a damaged number. */
const MOST_SECONDS = 950_000;

const MOST_OUTCOMES = 5000;

/** What stands for all beyond them. */
const OTHER = 'error: other';

/** What was collected of a file. Moments are µs since 1970, or since the run's start in a file that has no clock. */
export interface Collected {
  readonly names: readonly string[];
  readonly startUs: number;
  readonly endUs: number;
  /** How many streams of intervals were written, each with ascending seconds. */
  readonly streams: number;
  readonly steps: ReadonlyMap<number, GivenTimes>;
  readonly all: GivenTimes | undefined;
  readonly count: number;
  readonly namesAreBounded: boolean;
}

interface Second {
  readonly ledger: Ledger;
  readonly times: number[];
}

/**
 * Sorts single requests into intervals of one second, in bounded memory, however the rows are ordered: what comes later than its
 * second was written begins another stream, and the streams are merged as those of several workers are. A request counts, as
 * sent too, in the second in which it ended.
 */
export class SampleCollector {
  readonly #onInterval: (wire: IntervalWire) => void;
  readonly #names = new Names();
  readonly #outcomes: string[] = ['ok'];
  readonly #numbers = new Map<string, number>([['ok', 0]]);
  readonly #ends: Float64Array;
  readonly #times: Float64Array;
  readonly #steps: Uint16Array;
  readonly #kinds: Uint16Array;
  #held = 0;
  #baseUs = Number.NaN;
  #endUs = Number.NEGATIVE_INFINITY;
  #startUs = Number.POSITIVE_INFINITY;
  readonly #users = new Map<number, number>();
  readonly #lastSeconds: number[] = [];
  readonly #tallies: TimeTally[] = [];
  readonly #all = new TimeTally();
  #count = 0;

  /** `held` samples are held before seconds are written. */
  constructor(onInterval: (wire: IntervalWire) => void, held = HELD) {
    this.#onInterval = onInterval;
    this.#ends = new Float64Array(held);
    this.#times = new Float64Array(held);
    this.#steps = new Uint16Array(held);
    this.#kinds = new Uint16Array(held);
  }

  /** The number of a group. */
  step(name: string): number {
    return this.#names.numberOf(name);
  }

  /**
   * A request that began at `startUs` and took `us`; `us` is NaN where only its end is known. False: it lies too far from the
   * others, and was not taken.
   */
  add(step: number, startUs: number, us: number, outcome: string): boolean {
    const took = us >= 0 ? us : 0;
    if (
      !Number.isFinite(startUs) ||
      Math.abs(startUs - (this.#count === 0 ? startUs : this.#startUs)) > MOST_SECONDS * 1e6
    )
      return false;
    if (this.#held === this.#ends.length) this.#spill(false);
    const at = this.#held++;
    this.#ends[at] = startUs + took;
    this.#times[at] = us;
    this.#steps[at] = step;
    this.#kinds[at] = outcome === 'ok' ? 0 : this.#outcome(outcome);
    if (startUs < this.#startUs) this.#startUs = startUs;
    if (startUs + took > this.#endUs) this.#endUs = startUs + took;
    this.#count += 1;
    if (us >= 0) {
      (this.#tallies[step] ??= new TimeTally()).add(us);
      this.#all.add(us);
    }
    return true;
  }

  /** When the first request began, as far as they have come; a second of the year 1970 before there is one. */
  get startUs(): number {
    return this.#count === 0 ? 0 : this.#startUs;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** So many users were under way at this moment. */
  users(atUs: number, users: number): void {
    const second = Math.floor(atUs / 1e6);
    if (users >= 0 && (this.#users.size < 1e6 || this.#users.has(second))) this.#users.set(second, users);
  }

  finish(): Collected {
    this.#spill(true);
    const steps = this.#tallies.flatMap((tally, step) => {
      const times = tally?.times();
      return times === undefined ? [] : [[step, times] as const];
    });
    return {
      names: this.#names.list,
      startUs: this.#startUs,
      endUs: this.#endUs,
      streams: this.#lastSeconds.length,
      steps: new Map(steps),
      all: this.#all.times(),
      count: this.#count,
      namesAreBounded: this.#names.areBounded,
    };
  }

  #outcome(outcome: string): number {
    const known = this.#numbers.get(outcome);
    if (known !== undefined) return known;
    if (this.#outcomes.length >= MOST_OUTCOMES && outcome !== OTHER) return this.#outcome(OTHER);
    const number = this.#outcomes.push(outcome) - 1;
    this.#numbers.set(outcome, number);
    return number;
  }

  /** Writes the seconds that are over; all of them at the end, or where the held samples are of a few seconds only. */
  #spill(isEnd: boolean): void {
    if (Number.isNaN(this.#baseUs)) this.#baseUs = this.#startUs;
    const newest = isEnd ? Number.POSITIVE_INFINITY : this.#second(this.#endUs);
    const seconds =
      this.#takeBefore(isEnd ? newest : newest - LATE_SECONDS) ?? this.#takeBefore(Number.POSITIVE_INFINITY);
    for (const [second, steps] of [...(seconds ?? [])].toSorted(([a], [b]) => a - b)) this.#write(second, steps);
  }

  /** A moment at the very end of a second belongs to it, so that the run's last one is within the run. */
  #second(endUs: number): number {
    return Math.max(0, Math.ceil((endUs - this.#baseUs) / 1e6) - 1);
  }

  /** The samples of earlier seconds, by second and step; undefined where they are less than half of those held. */
  #takeBefore(limit: number): Map<number, Map<number, Second>> | undefined {
    const isOver = (at: number): boolean => this.#second(this.#ends[at] ?? 0) < limit;
    if (limit !== Number.POSITIVE_INFINITY) {
      let over = 0;
      for (let at = 0; at < this.#held; at += 1) over += Number(isOver(at));
      if (over < this.#held / 2) return undefined;
    }
    const seconds = new Map<number, Map<number, Second>>();
    let left = 0;
    for (let at = 0; at < this.#held; at += 1) {
      if (isOver(at)) this.#sort(seconds, at);
      else this.#move(at, left++);
    }
    this.#held = left;
    return seconds;
  }

  #sort(seconds: Map<number, Map<number, Second>>, at: number): void {
    const [number, step] = [this.#second(this.#ends[at] ?? 0), this.#steps[at] ?? 0];
    let steps = seconds.get(number);
    if (steps === undefined) seconds.set(number, (steps = new Map<number, Second>()));
    let second = steps.get(step);
    if (second === undefined) steps.set(step, (second = { ledger: emptyLedger(), times: [] }));
    addOutcome(second.ledger, this.#outcomes[this.#kinds[at] ?? 0] ?? '', 1);
    const us = this.#times[at] ?? Number.NaN;
    if (us >= 0) second.times.push(us);
  }

  #move(from: number, to: number): void {
    for (const column of [this.#ends, this.#times, this.#steps, this.#kinds]) column[to] = column[from] ?? 0;
  }

  #write(second: number, steps: ReadonlyMap<number, Second>): void {
    const found = this.#lastSeconds.findIndex((last) => last <= second);
    const stream = found < 0 ? this.#lastSeconds.length : found;
    this.#lastSeconds[stream] = second;
    const users = this.#users.get(Math.floor(this.#baseUs / 1e6 + second)) ?? 0;
    this.#onInterval({
      format: INTERVAL_FORMAT,
      phase: 0,
      worker: stream,
      second,
      arrivals: emptyArrivals(),
      userUs: users * 1e6,
      startDelay: '',
      generator: { cpuUs: 0, wallUs: 0, busiestRatio: 0, eventLoopDelay: '', garbageCollection: '' },
      steps: [...steps].map(([step, { ledger, times }]) => ({
        step,
        ledger,
        responseTime: '',
        serviceTime: packed(times),
      })),
    });
  }
}

const scratch = emptyHistogram();

function packed(times: readonly number[]): string {
  if (times.length === 0) return '';
  scratch.reset();
  for (const us of times) record(scratch, us);
  return packHistogram(scratch);
}
