import type { ServiceModel } from '../service-model.ts';
import { TICK_SECONDS } from './metric.ts';

/** What became of the requests of a tick, in whole requests: arrivals + queued before = served + dropped + queued after. */
export interface Tick {
  readonly served: number;
  readonly dropped: number;
  readonly queued: number;
}

/**
 * Requests as a stream: served as fast as the tasks can, the rest waits, and what waits longer than its patience is lost. Counts are whole, so
 * that nothing is lost in rounding; parts of a request are carried over.
 */
export class Backlog {
  queued = 0;
  #arriving = 0;
  #serving = 0;
  readonly #model: ServiceModel;

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  /** Whole requests of a tick at a rate. */
  arrivals(perSecond: number): number {
    this.#arriving += perSecond * TICK_SECONDS;
    const whole = Math.floor(this.#arriving);
    this.#arriving -= whole;
    return whole;
  }

  tick(arrivals: number, tasks: number): Tick {
    const { saturatedPerSecond, patienceSeconds } = this.#model;
    this.#serving += tasks * saturatedPerSecond * TICK_SECONDS;
    const able = Math.floor(this.#serving);
    this.#serving -= able;
    const present = this.queued + arrivals;
    const served = Math.min(present, able);
    const longest = Math.floor(tasks * saturatedPerSecond * patienceSeconds);
    const queued = Math.min(present - served, longest);
    this.queued = queued;
    return { served, queued, dropped: present - served - queued };
  }

  /** How long the last in the queue waits, in µs. */
  waitUs(tasks: number): number {
    return tasks === 0 ? 0 : (1e6 * this.queued) / (tasks * this.#model.saturatedPerSecond);
  }
}
