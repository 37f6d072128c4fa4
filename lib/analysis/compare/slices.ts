import { addWire, type IntervalWire } from '../../measure/codec.ts';
import { sparseCounts, type SparseCounts } from '../../measure/histogram.ts';
import { addInterval, allSteps, emptyInterval, type Interval, type StepRecord } from '../../measure/interval.ts';

/** What happened in one slice of time. Requests that went wrong failed or timed out; `ended` holds them too. */
export interface Slice {
  readonly seconds: number;
  /** Within the phase alone, as throughput counts them. */
  readonly ok: number;
  readonly ended: number;
  readonly wrong: number;
  readonly responseTime: SparseCounts;
  readonly serviceTime: SparseCounts;
}

/** A phase, or one of its steps, in slices of a length: what is drawn from when the noise within a run is estimated. */
export interface SlicedTime {
  /** The last slice is longer by what is left over. */
  readonly sliceSeconds: number;
  readonly slices: readonly Slice[];
}

/** The whole phase, and its steps by their number in the plan. */
export interface PhaseSlices {
  readonly whole: SlicedTime;
  readonly steps: ReadonlyMap<number, SlicedTime>;
}

/** A bound on memory and arithmetic for a phase of any length; ten minutes still have slices of a second. */
const MOST_SLICES = 600;

const NOTHING: SparseCounts = { indices: new Int32Array(), counts: new Int32Array() };
const EMPTY = { ok: 0, ended: 0, wrong: 0, responseTime: NOTHING, serviceTime: NOTHING };
const WHOLE = -1;

/** Puts series together from a phase's seconds, which must come in order. What was answered after the phase's end is in its last slice. */
export class SliceBuilder {
  readonly #durationSeconds: number;
  readonly #sliceSeconds: number;
  readonly #count: number;
  readonly #slices = new Map<number, (Omit<Slice, 'seconds'> | undefined)[]>();
  #ok = new Map<number, number>();
  #open = emptyInterval();
  #openAt = 0;

  constructor(durationSeconds: number) {
    this.#durationSeconds = durationSeconds;
    this.#sliceSeconds = Math.max(1, Math.ceil(durationSeconds / MOST_SLICES));
    this.#count = Math.max(1, Math.floor(durationSeconds / this.#sliceSeconds));
  }

  /** @throws RangeError where one of its histograms is broken */
  addWire(second: number, wire: IntervalWire): void {
    addWire(this.#at(second), wire);
    if (second < this.#durationSeconds) for (const { step, ledger } of wire.steps) this.#addOk(step, ledger.ok);
  }

  add(second: number, interval: Interval): void {
    addInterval(this.#at(second), interval);
    if (second < this.#durationSeconds) for (const [step, { ledger }] of interval.steps) this.#addOk(step, ledger.ok);
  }

  build(): PhaseSlices {
    this.#close();
    const lastSeconds = this.#durationSeconds - (this.#count - 1) * this.#sliceSeconds;
    const series = (step: number): SlicedTime => ({
      sliceSeconds: this.#sliceSeconds,
      slices: Array.from({ length: this.#count }, (_, at) => ({
        ...(this.#slices.get(step)?.[at] ?? EMPTY),
        seconds: at < this.#count - 1 ? this.#sliceSeconds : lastSeconds,
      })),
    });
    const steps = [...this.#slices.keys()].filter((step) => step !== WHOLE);
    return { whole: series(WHOLE), steps: new Map(steps.map((step) => [step, series(step)])) };
  }

  #addOk(step: number, ok: number): void {
    for (const each of [step, WHOLE]) this.#ok.set(each, (this.#ok.get(each) ?? 0) + ok);
  }

  #at(second: number): Interval {
    const slice = Math.min(this.#count - 1, Math.floor(second / this.#sliceSeconds));
    if (slice !== this.#openAt) this.#close();
    this.#openAt = slice;
    return this.#open;
  }

  #close(): void {
    for (const [step, record] of [...this.#open.steps, [WHOLE, allSteps(this.#open)] as const]) {
      const slices = this.#slices.get(step) ?? [];
      slices[this.#openAt] = sliceOf(record, this.#ok.get(step) ?? 0);
      this.#slices.set(step, slices);
    }
    this.#open = emptyInterval();
    this.#ok = new Map();
  }
}

const sliceOf = ({ ledger, responseTime, serviceTime }: StepRecord, ok: number): Omit<Slice, 'seconds'> => ({
  ok,
  ended: ledger.ok + ledger.failed + ledger.timedOut,
  wrong: ledger.failed + ledger.timedOut,
  responseTime: sparseCounts(responseTime),
  serviceTime: sparseCounts(serviceTime),
});
