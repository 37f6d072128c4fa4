import type { Course } from '../../lib/plan/steps/course.ts';
import type { Share } from '../../lib/schedule/arrivals.ts';
import { areaUntil, levelAt, totalUs, type Segment } from '../../lib/schedule/segment.ts';
import type { JourneyEnd } from './journey.ts';

/** Within this a difference between what arrivals were taken for and what they came to is made up for. */
const SETTLES_SECONDS = 2;

/** What journeys of a scenario turn out to be counts as the mean of so many. */
const MEMORY = 100;

/**
 * Pauses leave requests of the last journeys beyond the end; arrivals that make up for more than this share of them would make the end of a
 * phase another load than its beginning.
 */
const LEAST_WITHIN = 0.8;

/** Journeys that send next to nothing can't carry a load in requests, however many there are. */
const LEAST_REQUESTS = 0.1;

/** A scenario, how often it is gone through, and what a journey comes to by plan. */
export interface SteeredScenario {
  readonly weight: number;
  readonly course: Course;
}

/** What is known of a scenario's journeys. */
class Estimate {
  readonly weight: number;
  /** The share of a journey's requests that is sent before the phase's end. */
  readonly withinRatio: number;
  requests: number;
  #seen = 1;

  constructor({ weight, course }: SteeredScenario, segments: readonly Segment[]) {
    this.weight = weight;
    this.requests = course.requests;
    const beforeUs = course.beforeUs / Math.max(course.requests, LEAST_REQUESTS);
    const endUs = totalUs(segments);
    const within = areaUntil(segments, Math.max(0, endUs - beforeUs)) / areaUntil(segments, endUs);
    this.withinRatio = Number.isNaN(within) ? 1 : Math.max(LEAST_WITHIN, within);
  }

  get within(): number {
    return this.requests * this.withinRatio;
  }

  learn(requests: number): void {
    this.#seen = Math.min(this.#seen + 1, MEMORY);
    this.requests += (requests - this.requests) / this.#seen;
  }
}

/** A journey under way, of so many requests as far as is known. */
export class SteeredJourney {
  readonly #steering: Steering;
  readonly #estimate: Estimate;
  #requests: number;

  constructor(steering: Steering, estimate: Estimate) {
    this.#steering = steering;
    this.#estimate = estimate;
    this.#requests = estimate.within;
  }

  /** It has sent `count` by now, which may be more than it was taken for. */
  sent(count: number): void {
    if (count * this.#estimate.withinRatio > this.#requests) this.#become(count);
  }

  /** Only of a journey that came to its end is known how many requests it meant to send: what a failing target saves it is no load to make up for. */
  ended(end: JourneyEnd, count: number): void {
    if (end !== 'completed') return;
    this.#become(count);
    this.#estimate.learn(count);
  }

  #become(count: number): void {
    const requests = count * this.#estimate.withinRatio;
    this.#steering.owe(requests - this.#requests);
    this.#requests = requests;
  }
}

/**
 * How many requests each arrival stands for, so that a load in requests becomes arrivals (`arrivals`, `cost`). At first it is the
 * plan's mean; then what completed journeys came to, and what those before were wrongly taken for is made up for. Neither how long a
 * reply takes nor whether it fails has a say: a target that slows down gets the same arrivals.
 */
export class Steering {
  readonly #segments: readonly Segment[];
  readonly #share: Share;
  readonly #estimates: readonly Estimate[];
  #cost: number;
  /** Requests that came, or will come, beyond those that the arrivals so far stood for. */
  #owed = 0;

  constructor(segments: readonly Segment[], share: Share, scenarios: readonly SteeredScenario[]) {
    this.#segments = segments;
    this.#share = share;
    this.#estimates = scenarios.map((scenario) => new Estimate(scenario, segments));
    this.#cost = this.#mean();
  }

  /** Of the arrival that was due last; at first of the first. */
  get cost(): number {
    return this.#cost;
  }

  /** An arrival is due; what it stands for decides when the next one is. */
  due(atUs: number): number {
    const mean = this.#mean();
    const gapSeconds = (mean * this.#share.of) / levelAt(this.#segments, atUs);
    const paid = Math.max(-mean / 2, this.#owed * Math.min(1, gapSeconds / SETTLES_SECONDS));
    this.#owed -= paid;
    this.#cost = mean + paid;
    return this.#cost;
  }

  /** A journey of the scenario of this place begins. */
  begin(scenario: number): SteeredJourney | undefined {
    const estimate = this.#estimates[scenario];
    if (estimate === undefined) return undefined;
    this.owe(estimate.within - this.#mean());
    return new SteeredJourney(this, estimate);
  }

  owe(requests: number): void {
    this.#owed += requests;
  }

  #mean(): number {
    let [requests, weights] = [0, 0];
    for (const { weight, within } of this.#estimates) {
      requests += weight * within;
      weights += weight;
    }
    return Math.max(LEAST_REQUESTS, requests / weights);
  }
}
