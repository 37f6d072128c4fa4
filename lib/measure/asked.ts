import { addPacked, packHistogram } from './histogram.ts';
import { addStep, allSteps, emptyAgain, emptyInterval, emptyStep, type Interval, type StepRecord } from './interval.ts';
import { addArrivals, addLedger, emptyArrivals, type ArrivalLedger, type Ledger } from './ledger.ts';

/** Some seconds of a phase: its arrivals, and requests of all its steps or of some. */
export interface Stretch extends StepRecord {
  readonly seconds: number;
  readonly arrivals: ArrivalLedger;
}

/** A figure that is wanted of every second, beside those that a point has anyway. */
export interface Asked {
  readonly name: string;
  /** The numbers of the steps whose requests count; left out, of all. */
  readonly steps?: readonly number[];
  /** How many seconds up to the end of each it is of. */
  readonly overSeconds: number;
  /** NaN where the stretch is no evidence. */
  value(stretch: Stretch): number;
}

/** The figures of a second by name; of one whose window is not full yet there is none. */
export type Readings = ReadonlyMap<string, number>;

/** The least and the most that a sliding window showed. */
export interface Extremes {
  readonly least: number;
  readonly most: number;
}

/** The requests of these steps together; of all where none are named. */
export function recordOf(interval: Interval, steps: readonly number[] | undefined): StepRecord {
  if (steps === undefined) return allSteps(interval);
  const sum = emptyStep();
  for (const step of steps) {
    const record = interval.steps.get(step);
    if (record !== undefined) addStep(sum, record);
  }
  return sum;
}

export const stretchOf = (interval: Interval, seconds: number, steps?: readonly number[]): Stretch => ({
  seconds,
  arrivals: interval.arrivals,
  ...recordOf(interval, steps),
});

/** A second as a window holds it: of a minute there are sixty, and a packed histogram takes a hundredth of an open one. */
interface Packed {
  readonly arrivals: ArrivalLedger;
  readonly ledger: Ledger;
  readonly responseTime: string;
  readonly serviceTime: string;
}

const packed = ({ arrivals, ledger, responseTime, serviceTime }: Stretch): Packed => ({
  arrivals: { ...arrivals },
  ledger,
  responseTime: packHistogram(responseTime),
  serviceTime: packHistogram(serviceTime),
});

function together(window: readonly Packed[]): Stretch {
  const sum = { seconds: window.length, arrivals: emptyArrivals(), ...emptyStep() };
  for (const each of window) {
    addArrivals(sum.arrivals, each.arrivals);
    addLedger(sum.ledger, each.ledger);
    addPacked(sum.responseTime, each.responseTime);
    addPacked(sum.serviceTime, each.serviceTime);
  }
  return sum;
}

/** One figure from second to second. */
class Course {
  readonly asked: Asked;
  extremes: Extremes | undefined;
  readonly #window: Packed[] = [];

  constructor(asked: Asked) {
    this.asked = asked;
  }

  /** The figure at the end of a second; undefined while its window is not full. */
  read(second: Interval): number | undefined {
    const own = stretchOf(second, 1, this.asked.steps);
    if (this.asked.overSeconds === 1) return this.#noted(this.asked.value(own));
    this.#window.push(packed(own));
    if (this.#window.length < this.asked.overSeconds) return undefined;
    const value = this.asked.value(together(this.#window));
    this.#window.shift();
    return this.#noted(value);
  }

  #noted(value: number): number {
    if (Number.isNaN(value)) return value;
    const { least = value, most = value } = this.extremes ?? {};
    this.extremes = { least: Math.min(least, value), most: Math.max(most, value) };
    return value;
  }
}

/** Reads figures at the end of every whole second of a phase. Seconds come in order; several parts of one are one. */
export class Watch {
  readonly #courses: readonly Course[];
  readonly #wholeSeconds: number;
  readonly #interval = emptyInterval();
  #second = 0;
  #readings: Readings = new Map();

  constructor(asked: readonly Asked[], durationSeconds: number) {
    this.#courses = asked.map((each) => new Course(each));
    this.#wholeSeconds = Math.floor(durationSeconds);
  }

  /** `addTo` adds what happened in `second` to a record. */
  add(second: number, addTo: (interval: Interval) => void): void {
    if (this.#courses.length === 0) return;
    this.closeUntil(second);
    addTo(this.#interval);
  }

  /** What is before `second` is complete. Returns the readings of the last second that is. */
  closeUntil(second: number): Readings {
    for (; this.#second < second; this.#second += 1) {
      if (this.#second < this.#wholeSeconds) this.#readings = this.#read();
      emptyAgain(this.#interval);
    }
    return this.#readings;
  }

  /** By name, the figures of a point: over its own seconds, or those of the windows that end with it. Only where there is evidence. */
  figuresOf(point: Interval, seconds: number): Readonly<Record<string, number>> | undefined {
    if (this.#courses.length === 0) return undefined;
    const figures = this.#courses.map(({ asked }) => [
      asked.name,
      asked.overSeconds === 1
        ? asked.value(stretchOf(point, seconds, asked.steps))
        : (this.#readings.get(asked.name) ?? Number.NaN),
    ]);
    return Object.fromEntries(figures.filter(([, value]) => !Number.isNaN(value)));
  }

  /** By name, what windows showed that were full; undefined where there was none. */
  extremes(): Readonly<Record<string, Extremes>> | undefined {
    const known = this.#courses.flatMap(({ asked, extremes }) =>
      asked.overSeconds > 1 && extremes !== undefined ? [[asked.name, extremes] as const] : [],
    );
    return known.length === 0 ? undefined : Object.fromEntries(known);
  }

  #read(): Readings {
    return new Map(
      this.#courses.flatMap((course) => {
        const value = course.read(this.#interval);
        return value === undefined ? [] : [[course.asked.name, value] as const];
      }),
    );
  }
}
