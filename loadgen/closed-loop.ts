import type { Share } from '../lib/schedule/arrivals.ts';
import { seedOf, uniform01 } from '../lib/schedule/random.ts';
import { levelAt, type Segment } from '../lib/schedule/segment.ts';
import type { Feeders } from './feeders.ts';
import { Journey, type PhaseContext } from './journey.ts';
import type { Program, Programs } from './program.ts';
import { SHARED_LANE } from './sender.ts';
import { newUser, type User } from './user.ts';

export interface ClosedLoad {
  readonly segments: readonly Segment[];
  readonly share: Share;
  readonly seed: number;
  readonly ownConnections: boolean;
  readonly programs: Programs;
  readonly feeders: Feeders;
}

/** How often the number of users is brought in line with the plan: a ramp of 500 users in 10 s adds one every 20 ms. */
const ADJUST_EVERY_MS = 20;

interface Actor {
  readonly user: User;
  readonly program: Program;
  started: boolean;
  journey: Journey | undefined;
}

/**
 * Users of worker i of k out of `level` in all, where user j belongs to worker j mod k. A level between two whole numbers
 * is rounded, so that a ramp reaches its last user half-way through its last step.
 */
export const usersOfShare = (level: number, { index, of }: Share): number =>
  Math.max(0, Math.ceil((Math.round(level) - index) / of));

/** Keeps as many virtual users at work as the plan says; each begins again as soon as it is done. */
export class ClosedLoop {
  readonly #context: PhaseContext;
  readonly #load: ClosedLoad;
  readonly #actors: Actor[] = [];
  readonly #changed: () => void;
  #wanted = 0;
  #running = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: PhaseContext, load: ClosedLoad, changed: () => void) {
    this.#context = context;
    this.#load = load;
    this.#changed = changed;
  }

  get underWay(): Iterable<Journey> {
    return this.#actors.flatMap((actor) => actor.journey ?? []);
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
  }

  /** A user beyond the wanted number stops when its iteration is over; one wanted again goes on where it was. */
  #adjust(): void {
    this.#wanted = usersOfShare(levelAt(this.#load.segments, this.#context.clock()), this.#load.share);
    for (let number = 0; number < this.#wanted; number += 1) {
      const actor = (this.#actors[number] ??= this.#newActor(number));
      if (actor.journey === undefined) this.#iterate(actor, number);
    }
  }

  #newActor(number: number): Actor {
    const global = number * this.#load.share.of + this.#load.share.index;
    const random = uniform01(seedOf(this.#load.seed, global, 2));
    const user = newUser(global, this.#load.ownConnections ? global : SHARED_LANE, random);
    return { user, program: this.#load.programs.pick(random()), started: false, journey: undefined };
  }

  #iterate(actor: Actor, number: number): void {
    const { clock, recorder } = this.#context;
    const { user, program } = actor;
    const nowUs = clock();
    const { feeders } = program;
    if (!this.#load.feeders.draw([...(actor.started ? [] : feeders.user), ...feeders.iteration], user)) return;
    recorder.arrival(nowUs, 'due');
    recorder.arrival(nowUs, 'started');
    const journey = new Journey(this.#context, user, program, (end) => {
      actor.started ||= journey.at >= program.iteration;
      actor.journey = undefined;
      user.iteration += 1;
      recorder.arrival(clock(), end);
      this.#count(-1);
      if (number < this.#wanted && !this.#context.over) this.#iterate(actor, number);
      this.#changed();
    });
    actor.journey = journey;
    this.#count(1);
    journey.start(actor.started ? program.iteration : 0, nowUs);
  }

  #count(by: number): void {
    this.#running += by;
    this.#context.recorder.users(this.#context.clock(), this.#running);
  }
}
