import { arrivals, type Arrival, type ArrivalPlan, type Share } from '../../lib/schedule/arrivals.ts';
import { seedOf, uniform01 } from '../../lib/schedule/random.ts';
import type { Feeders } from './feeders.ts';
import { Journey, type JourneyEnd } from './journey.ts';
import type { PhaseContext } from './program.ts';
import type { Steering } from './steering.ts';
import type { Sleeper } from './timer-queue.ts';
import type { Programs } from './program.ts';
import { SHARED_POOL } from '../senders/sender.ts';
import { User } from './user.ts';

export interface OpenLoad {
  readonly plan: ArrivalPlan;
  readonly share: Share;
  readonly patienceUs: number;
  /** Of this worker's journeys at a time; an arrival beyond them is dropped. */
  readonly most: number;
  readonly ownConnections: boolean;
  readonly programs: Programs;
  readonly feeders: Feeders;
  /** Of a load in requests. */
  readonly steering?: Steering;
}

/**
 * As many journeys as one worker carries at a time. Each may hold a socket, and 10,000 stay well below the 65,535 ports and
 * the usual hard limit of file descriptors; beyond it arrivals wait, at most their patience.
 */
const MOST_JOURNEYS = 10_000;

/**
 * So many arrivals start in one turn of the event loop; then replies get theirs. After a hiccup hundreds are due at once, and were they
 * started together each would open a connection of its own, which costs six times a request, so that more come due meanwhile
 * than were started: at 40,000 a second 20 ms of hiccup grew into a second. In turns, they find the connections of those before.
 */
const MOST_A_TURN = 20;

/** Starts every arrival at its intended start, or as soon after it as can be, or drops it; replies have no say in it. */
export class OpenLoop implements Sleeper {
  readonly #context: PhaseContext;
  readonly #load: OpenLoad;
  readonly #schedule: Iterator<Arrival, void>;
  readonly #journeys = new Set<Journey>();
  readonly #changed: () => void;
  #next: Arrival | undefined;
  readonly #waiting = new Fifo<Arrival>();
  #left = MOST_A_TURN;
  #turn: NodeJS.Immediate | undefined;

  /** `changed` is called whenever a journey has ended. */
  constructor(context: PhaseContext, load: OpenLoad, changed: () => void) {
    this.#context = context;
    this.#load = load;
    this.#changed = changed;
    const { steering } = load;
    this.#schedule = arrivals(load.plan, load.share, steering && (() => steering.cost));
    this.#next = this.#schedule.next().value ?? undefined;
  }

  get underWay(): Iterable<Journey> {
    return this.#journeys;
  }

  get idle(): boolean {
    return this.#journeys.size === 0;
  }

  start(): void {
    this.#sleep();
  }

  /** At the phase's end what is due still starts if it can; the rest, and everything on `now`, is dropped. */
  stop(when: 'when due' | 'now'): void {
    const nowUs = this.#context.clock();
    this.#takeDue(nowUs);
    clearImmediate(this.#turn);
    this.#left = Number.POSITIVE_INFINITY;
    if (when === 'when due') this.#startWaiting();
    while (this.#waiting.take() !== undefined) this.#context.recorder.arrival(nowUs, 'dropped');
    this.#next = undefined;
  }

  #sleep(): void {
    if (this.#next !== undefined) this.#context.timerQueue.add(this);
  }

  /** When the next arrival is due. */
  get atUs(): number {
    return this.#next?.intendedUs ?? Number.POSITIVE_INFINITY;
  }

  wake(nowUs: number): void {
    this.#takeDue(nowUs);
    this.#startWaiting();
    this.#sleep();
  }

  #takeDue(nowUs: number): void {
    while (this.#next !== undefined && this.#next.intendedUs <= nowUs) {
      const { recorder } = this.#context;
      recorder.arrival(nowUs, 'due');
      const { steering } = this.#load;
      if (steering !== undefined) recorder.standsFor(nowUs, steering.due(this.#next.intendedUs));
      this.#waiting.push(this.#next);
      this.#next = this.#schedule.next().value ?? undefined;
    }
  }

  #startWaiting(): void {
    for (let arrival = this.#waiting.peek(); arrival !== undefined; arrival = this.#waiting.peek()) {
      const nowUs = this.#context.clock();
      const late = nowUs - arrival.intendedUs > this.#load.patienceUs;
      if (!late && (this.#journeys.size >= MOST_JOURNEYS || this.#left === 0)) return;
      this.#waiting.take();
      if (late) this.#context.recorder.arrival(nowUs, 'dropped');
      else if (this.#journeys.size >= this.#load.most) this.#context.recorder.dropped(nowUs, 'most');
      else this.#begin(arrival, nowUs);
    }
  }

  #nextTurn(): void {
    this.#turn = undefined;
    this.#left = MOST_A_TURN;
    if (this.#waiting.length > 0) this.#startWaiting();
  }

  #begin({ index, intendedUs }: Arrival, nowUs: number): void {
    this.#left -= 1;
    this.#turn ??= setImmediate(() => this.#nextTurn());
    const { recorder } = this.#context;
    const random = uniform01(seedOf(this.#load.plan.seed, index, 1));
    const user = new User(index, this.#load.ownConnections ? index : SHARED_POOL, random);
    const program = this.#load.programs.ofArrival(this.#load.plan.seed, index);
    if (!this.#load.feeders.draw(program.feeders.user.concat(program.feeders.iteration), user)) {
      recorder.dropped(nowUs, 'feeder');
      return;
    }
    recorder.arrival(nowUs, 'started');
    recorder.startDelay(nowUs, nowUs - intendedUs);
    const steered = this.#load.steering?.begin(program.scenario);
    const ended = (end: JourneyEnd, endUs: number): void => {
      steered?.ended(end, journey.requests);
      this.#journeys.delete(journey);
      if (this.#load.ownConnections) this.#context.sender.leave(user.poolKey);
      this.#context.hooks?.leave(user);
      recorder.arrival(endUs, end);
      recorder.users(endUs, this.#journeys.size);
      if (this.#waiting.length > 0) this.#startWaiting();
      this.#changed();
    };
    const journey = new Journey(this.#context, user, program, {
      ended,
      ...(steered && { sent: (requests: number) => steered.sent(requests) }),
    });
    this.#journeys.add(journey);
    recorder.users(nowUs, this.#journeys.size);
    journey.start(0, intendedUs, nowUs);
  }
}

/** What has been taken is dropped in one go when there is this much of it, so that taking is O(1) on average. */
const COMPACT_AT = 1024;

/** First in, first out, for queues that may grow long: `Array.shift` and `slice` would move all of it every time. */
class Fifo<T> {
  #items: T[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The one to be taken next. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  take(): T | undefined {
    const item = this.#items[this.#head];
    if (this.#head < this.#items.length) this.#head += 1;
    if (this.#head === this.#items.length) this.clear();
    else if (this.#head >= COMPACT_AT && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
