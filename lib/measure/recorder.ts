import { addCase, CaseCollector, type FailureCase } from './cases.ts';
import type { FailureKind } from './failures.ts';
import { record } from './histogram.ts';
import { addHooks, emptyAgain, emptyInterval, stepOf, type Interval } from './interval.ts';
import { addTransfer, type Transfer } from './transfer.ts';
import { addExample, addDrops, type ArrivalEvent } from './ledger.ts';

export type Outcome = 'ok' | 'timedOut' | 'cut' | FailureKind;

/** One request from its intended start to its end, in µs since the phase's start. */
export interface Sample {
  readonly step: number;
  readonly intendedUs: number;
  readonly sentUs: number;
  readonly endedUs: number;
  readonly outcome: Outcome;
  /** Where it went over a connection. */
  readonly transfer?: Transfer | undefined;
  /** What the system said of a failure or time-out, or its trace. */
  readonly detail?: string | undefined;
  /** Of a reply that failed: reads what an example of it holds. */
  readonly look?: (() => Pick<FailureCase, 'status' | 'text'>) | undefined;
}

/**
 * Sorts what happens into intervals of one second and hands each on when its second is over. Time comes in with every
 * event and never goes back, so at most one interval is open and memory does not grow with the number of samples. What is
 * handed on is of use during the call only: the next second is recorded in the same memory.
 */
export class Recorder {
  readonly #interval: Interval = emptyInterval();
  readonly #collector = new CaseCollector();
  #second = 0;
  #users = 0;
  #usersSinceUs = 0;
  readonly #onInterval: (second: number, interval: Interval) => void;

  constructor(onInterval: (second: number, interval: Interval) => void) {
    this.#onInterval = onInterval;
  }

  arrival(atUs: number, event: ArrivalEvent): void {
    this.#at(atUs).arrivals[event] += 1;
  }

  /** An arrival that is due stands for so many requests. */
  standsFor(atUs: number, requests: number): void {
    const { arrivals } = this.#at(atUs);
    arrivals.requests = (arrivals.requests ?? 0) + requests;
  }

  /** A user's journey begins later than its pace says. */
  late(atUs: number): void {
    const { arrivals } = this.#at(atUs);
    arrivals.late = (arrivals.late ?? 0) + 1;
  }

  /** An arrival is due, and dropped at once: a unique feeder has no row left for it, or so many journeys as the plan allows are under way. */
  dropped(atUs: number, why: 'feeder' | 'most'): void {
    const { arrivals } = this.#at(atUs);
    arrivals.dropped += 1;
    addDrops(arrivals, why, 1);
  }

  /** An arrival starts late by `startDelayUs`; closed models have no lateness. */
  startDelay(atUs: number, startDelayUs: number): void {
    record(this.#at(atUs).startDelay, startDelayUs);
  }

  /** The number of arrivals or users under way is now `users`. */
  users(atUs: number, users: number): void {
    this.#addUsers(this.#at(atUs), atUs);
    this.#users = users;
  }

  sent(atUs: number, step: number): void {
    stepOf(this.#at(atUs), step).ledger.sent += 1;
  }

  ended(sample: Sample): void {
    const own = stepOf(this.#at(sample.endedUs), sample.step);
    const { ledger, responseTime, serviceTime, cases } = own;
    const { outcome } = sample;
    if (outcome !== 'ok' && outcome !== 'cut') this.#store(sample, cases);
    if (outcome === 'ok' || outcome === 'timedOut' || outcome === 'cut') ledger[outcome] += 1;
    else {
      ledger.failed += 1;
      ledger.failures[outcome] = (ledger.failures[outcome] ?? 0) + 1;
    }
    const serviceUs = sample.endedUs - sample.sentUs;
    addTransfer(own, sample.transfer, outcome === 'cut' ? undefined : serviceUs);
    if (outcome === 'cut') return;
    if (outcome !== 'ok' && sample.detail !== undefined) addExample(ledger, outcome, sample.detail);
    record(responseTime, sample.endedUs - sample.intendedUs);
    record(serviceTime, serviceUs);
  }

  #store({ step, outcome, endedUs, detail, look }: Sample, cases: FailureCase[]): void {
    const found = this.#collector.offer(step, outcome, endedUs, look ?? (() => ({ ...(detail && { text: detail }) })));
    if (found !== undefined) addCase(cases, found);
  }

  /** A hook was called, and no other could be for `busyUs`. */
  hook(atUs: number, name: string, busyUs: number): void {
    addHooks(this.#at(atUs).generator, { [name]: { calls: 1, busyUs, longestUs: busyUs } });
  }

  /** A hook failed. It stands beside the requests of the step that it belongs to, and took no time of any. */
  hookFailed(atUs: number, step: number, detail: string): void {
    const { ledger } = stepOf(this.#at(atUs), step);
    ledger.sent += 1;
    ledger.failed += 1;
    ledger.failures['hook'] = (ledger.failures['hook'] ?? 0) + 1;
    addExample(ledger, 'hook', detail);
  }

  eventLoopDelay(atUs: number, delayUs: number): void {
    record(this.#at(atUs).generator.eventLoopDelay, delayUs);
  }

  garbageCollection(atUs: number, pauseUs: number): void {
    record(this.#at(atUs).generator.garbageCollection, pauseUs);
  }

  /** CPU time that the worker used in the last `wallUs`. */
  cpu(atUs: number, cpuUs: number, wallUs: number): void {
    const { generator } = this.#at(atUs);
    generator.cpuUs += cpuUs;
    generator.wallUs += wallUs;
    generator.busiestRatio = Math.max(generator.busiestRatio, wallUs > 0 ? cpuUs / wallUs : 0);
  }

  /**
   * The phase is over: what still happens belongs to seconds after it, so that a phase of 7.5 s doesn't count replies
   * that came after its end as its own.
   */
  phaseEnded(durationUs: number): void {
    this.#addUsers(this.#at(durationUs - 1), durationUs);
    this.#handOn();
    this.#second = Math.max(this.#second, Math.ceil(durationUs / 1e6));
  }

  /** Hands on the interval that is still open. */
  flush(atUs: number): void {
    this.#addUsers(this.#at(atUs), atUs);
    this.#handOn();
  }

  #at(atUs: number): Interval {
    const second = Math.max(this.#second, Math.floor(atUs / 1e6));
    while (second > this.#second) {
      this.#addUsers(this.#interval, (this.#second + 1) * 1e6);
      this.#handOn();
      this.#second += 1;
    }
    return this.#interval;
  }

  #addUsers(interval: Interval, untilUs: number): void {
    interval.userUs += this.#users * Math.max(0, untilUs - this.#usersSinceUs);
    this.#usersSinceUs = Math.max(this.#usersSinceUs, untilUs);
  }

  #handOn(): void {
    this.#onInterval(this.#second, this.#interval);
    emptyAgain(this.#interval);
  }
}
