import type { Share } from '../../lib/schedule/arrivals.ts';
import { seedOf, uniform01 } from '../../lib/schedule/random.ts';
import { levelAt, type Segment } from '../../lib/schedule/segment.ts';
import type { Feeders } from './feeders.ts';
import { Journey, type JourneyEnd } from './journey.ts';
import type { PhaseContext } from './program.ts';
import type { Program, Programs } from './program.ts';
import type { Sleeper } from './timer-queue.ts';
import { SHARED_POOL } from '../senders/sender.ts';
import { User } from './user.ts';

export interface ClosedLoad {
  readonly segments: readonly Segment[];
  readonly share: Share;
  readonly seed: number;
  readonly ownConnections: boolean;
  readonly programs: Programs;
  readonly feeders: Feeders;
  /** From the beginning of a user's journey to that of its next; at once where it is not given. */
  readonly paceUs?: number;
}

/** How often the number of users is brought in line with the plan: a ramp of 500 users in 10 s adds one every 20 ms. */
const ADJUST_EVERY_MS = 20;

interface Actor extends Sleeper {
  readonly user: User;
  readonly program: Program;
  /** Run again and again: a new one for each iteration would be garbage ten thousand times a second. */
  readonly journey: Journey;
  /** Its onStart has been run. */
  started: boolean;
  atWork: boolean;
  /** Iterations that failed since the last that did not. */
  failures: number;
  /** When its next journey is meant to begin, at the earliest. */
  atUs: number;
  /** It waits for that. */
  isWaiting: boolean;
  /** Its journey has begun in this turn of the event loop. */
  isBeginning: boolean;
  /** Journeys in a row that ended in the turn in which they began: nothing of them is sent, and nothing waits. */
  empty: number;
  /** A unique feeder had no row left for it, so it has nothing to go on with. */
  isOutOfRows: boolean;
}

/** After so many journeys of which nothing was sent a user rests until users are looked at next: it would never let anything else happen. */
const MOST_EMPTY = 10;

/** A user who can't log in tries again after a second, then two, four, … */
const START_BACKOFF = { firstUs: 1e6, mostUs: 30e6 };

/** Where the one before went well, a journey that failed may begin again at once; a service that refuses everything is not hammered. */
const BACKOFF = { firstUs: 5000, mostUs: 1e6 };

/**
 * How long a user rests at least after `failures` iterations that failed one after the other, in µs. Half of it is chance, so that users
 * who failed together don't come back together.
 */
export function backoffUs(failures: number, started: boolean, draw: () => number): number {
  const { firstUs, mostUs } = started ? BACKOFF : START_BACKOFF;
  if (started && failures === 1) return 0;
  return Math.min(mostUs, firstUs * 2 ** (failures - 1)) * (0.5 + draw() / 2);
}

/** Whether a user whose journey has ended may begin the next one at once. */
function mayGoOn(actor: Actor): boolean {
  actor.empty = actor.isBeginning ? (actor.empty + 1) % MOST_EMPTY : 0;
  return !actor.isBeginning || actor.empty > 0;
}

/**
 * Users of worker i of k out of `level` in all, where user j belongs to worker j mod k. A level between two whole numbers
 * is rounded, so that a ramp reaches its last user half-way through its last step.
 */
export const usersOfShare = (level: number, { index, of }: Share): number =>
  Math.max(0, Math.ceil((Math.round(level) - index) / of));

/**
 * Keeps as many virtual users at work as the plan says; each begins again as soon as it is done. One whose journey failed rests
 * before: for the pauses that were still to come, so that failing makes no user faster, and longer while it goes on failing.
 */
export class ClosedLoop {
  readonly #context: PhaseContext;
  readonly #load: ClosedLoad;
  readonly #actors: Actor[] = [];
  readonly #changed: () => void;
  #wanted = 0;
  #running = 0;
  /** Users whose next journey is not due yet. */
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: PhaseContext, load: ClosedLoad, changed: () => void) {
    this.#context = context;
    this.#load = load;
    this.#changed = changed;
  }

  get underWay(): Iterable<Journey> {
    return this.#actors.filter((actor) => actor.atWork).map((actor) => actor.journey);
  }

  get idle(): boolean {
    return this.#running === 0;
  }

  start(): void {
    this.#adjust();
    this.#timer = setInterval(() => this.#adjust(), ADJUST_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#wanted = 0;
    for (const actor of this.#actors) actor.isWaiting = false;
    this.#waiting = 0;
    this.#count(this.#context.clock());
  }

  /** A user beyond the wanted number stops when its iteration is over; one wanted again goes on where it was. */
  #adjust(): void {
    const nowUs = this.#context.clock();
    this.#wanted = usersOfShare(levelAt(this.#load.segments, nowUs), this.#load.share);
    for (let number = 0; number < this.#wanted; number += 1) {
      const actor = (this.#actors[number] ??= this.#newActor(number));
      if (!actor.atWork && !actor.isWaiting && !actor.isOutOfRows && nowUs >= actor.atUs)
        this.#iterate(actor, nowUs, nowUs);
    }
  }

  #newActor(number: number): Actor {
    const global = number * this.#load.share.of + this.#load.share.index;
    const random = uniform01(seedOf(this.#load.seed, global, 2));
    const user = new User(global, this.#load.ownConnections ? global : SHARED_POOL, random);
    const program = this.#load.programs.ofUser(global);
    const journey = new Journey(this.#context, user, program, {
      ended: (end, endUs) => {
        this.#iterated(actor, end, endUs);
        if (number < this.#wanted && !this.#context.over && mayGoOn(actor)) this.#again(actor, endUs);
        else this.#count(endUs);
        this.#changed();
      },
      restUs: () => this.#restUs(actor),
    });
    const actor: Actor = {
      user,
      program,
      journey,
      started: false,
      atWork: false,
      failures: 0,
      atUs: 0,
      isWaiting: false,
      isBeginning: false,
      empty: 0,
      isOutOfRows: false,
      wake: (nowUs) => this.#woken(actor, number, nowUs),
    };
    return actor;
  }

  #restUs(actor: Actor): number {
    const { journey, program, user } = actor;
    actor.failures += 1;
    const started = journey.at >= program.iteration;
    return Math.max(journey.thinkLeftUs(), backoffUs(actor.failures, started, user.random));
  }

  /** One who is paced waits for its time; where that is past, it begins at once, and its pace counts from now. */
  #again(actor: Actor, nowUs: number): void {
    if (actor.atUs > nowUs) {
      actor.isWaiting = true;
      this.#waiting += 1;
      this.#count(nowUs);
      this.#context.timerQueue.add(actor);
      return;
    }
    if (this.#load.paceUs !== undefined && actor.atUs < nowUs) this.#context.recorder.late(nowUs);
    this.#iterate(actor, nowUs, nowUs);
  }

  #woken(actor: Actor, number: number, nowUs: number): void {
    if (!actor.isWaiting) return;
    actor.isWaiting = false;
    this.#waiting -= 1;
    if (number >= this.#wanted) return this.#count(nowUs);
    this.#context.recorder.startDelay(nowUs, nowUs - actor.atUs);
    this.#iterate(actor, actor.atUs, nowUs);
  }

  #iterate(actor: Actor, intendedUs: number, nowUs: number): void {
    const { user, program, journey, started } = actor;
    const { feeders } = this.#load;
    this.#context.recorder.arrival(nowUs, 'due');
    if (
      !feeders.draw(started ? program.feeders.iteration : program.feeders.user.concat(program.feeders.iteration), user)
    ) {
      actor.isOutOfRows = true;
      this.#context.recorder.dropped(nowUs, 'feeder');
      return this.#count(nowUs);
    }
    this.#context.recorder.arrival(nowUs, 'started');
    actor.atWork = true;
    actor.atUs = intendedUs + (this.#load.paceUs ?? 0);
    this.#running += 1;
    this.#count(nowUs);
    actor.isBeginning = true;
    journey.start(started ? program.iteration : 0, intendedUs, nowUs);
    actor.isBeginning = false;
  }

  #iterated(actor: Actor, end: JourneyEnd, endUs: number): void {
    actor.started ||= actor.journey.at >= actor.program.iteration;
    actor.atWork = false;
    actor.user.iteration += 1;
    if (end === 'completed') actor.failures = 0;
    this.#context.recorder.arrival(endUs, end);
    this.#running -= 1;
  }

  #count(nowUs: number): void {
    this.#context.recorder.users(nowUs, this.#running + this.#waiting);
  }
}
