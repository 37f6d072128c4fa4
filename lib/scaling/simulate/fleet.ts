import { uniform01 } from '../../schedule/random.ts';
import { type MachineGroup, Machines } from './machines.ts';
import { TICK_SECONDS } from './metric.ts';

/** Where tasks run, and what they cost. */
export interface Host {
  /** Absent on Fargate. */
  readonly machines?: MachineGroup;
  /** Tasks that never run on Spot, and the share of the others that does. */
  readonly onDemandTasks: number;
  readonly spotShare: number;
  /** USD an hour of a task, or of a machine where there are machines; undefined where no price is known. Spot counts as on demand. */
  readonly usdPerHour: number | undefined;
}

export interface SpotRisk {
  /** Interruptions of one Spot task an hour. */
  readonly perTaskHour: number;
  readonly seed: number;
}

const HOUR_TICKS = 3600 / TICK_SECONDS;

/** The tasks of a service: those that answer, those that start, and those that wait for a machine. */
export class Fleet {
  running: number;
  readonly #starting: { readyTick: number; count: number }[] = [];
  #startingCount = 0;
  #waiting = 0;
  readonly #startUpTicks: number;
  readonly #host: Host;
  readonly #machines: Machines | undefined;
  readonly #risk: number;
  readonly #random: () => number;
  #hazard = 0;
  #nextLoss: number;

  constructor(host: Host, { startUpSeconds, tasks, spot }: { startUpSeconds: number; tasks: number; spot: SpotRisk }) {
    this.#host = host;
    this.#startUpTicks = Math.ceil(startUpSeconds / TICK_SECONDS);
    this.#machines = host.machines && new Machines(host.machines, tasks);
    this.running = Math.min(tasks, this.#machines?.places ?? tasks);
    this.#risk = spot.perTaskHour / HOUR_TICKS;
    this.#random = uniform01(spot.seed);
    this.#nextLoss = this.#draw();
  }

  get tasks(): number {
    return this.running + this.#startingCount + this.#waiting;
  }

  /** Tasks or machines that are paid for. */
  get paid(): number {
    return this.#machines?.there ?? this.running + this.#startingCount;
  }

  tick(tick: number, desired: number): void {
    for (let [first] = this.#starting; first !== undefined && first.readyTick <= tick; [first] = this.#starting) {
      this.running += first.count;
      this.#startingCount -= first.count;
      this.#starting.shift();
    }
    this.#loseSpot();
    const missing = desired - this.tasks;
    if (missing > 0) this.#waiting += missing;
    else if (missing < 0) this.#remove(-missing);
    this.#machines?.tick(tick, this.tasks);
    this.#place(tick);
  }

  #place(tick: number): void {
    if (this.#waiting === 0) return;
    const free =
      this.#machines === undefined ? this.#waiting : this.#machines.places - this.running - this.#startingCount;
    const count = Math.min(this.#waiting, Math.max(0, free));
    if (count === 0) return;
    this.#waiting -= count;
    this.#startingCount += count;
    this.#starting.push({ readyTick: tick + this.#startUpTicks, count });
  }

  /** Those that carry nothing yet go first. */
  #remove(count: number): void {
    const fromWaiting = Math.min(count, this.#waiting);
    this.#waiting -= fromWaiting;
    let left = count - fromWaiting;
    for (let last = this.#starting.at(-1); left > 0 && last !== undefined; last = this.#starting.at(-1)) {
      const taken = Math.min(left, last.count);
      last.count -= taken;
      this.#startingCount -= taken;
      left -= taken;
      if (last.count === 0) this.#starting.pop();
    }
    this.running -= Math.min(left, this.running);
  }

  /**
   * A task on Spot gets two minutes' notice, in which it takes no new request while its replacement starts: it counts as gone at the notice.
   * Source: Amazon ECS Developer Guide, "Fargate Spot termination notices".
   */
  #loseSpot(): void {
    if (this.#risk === 0) return;
    const exposed = Math.max(0, this.running - this.#host.onDemandTasks) * this.#host.spotShare;
    this.#hazard += exposed * this.#risk;
    while (this.#hazard >= this.#nextLoss && this.running > 0) {
      this.#hazard -= this.#nextLoss;
      this.#nextLoss = this.#draw();
      this.running -= 1;
    }
  }

  /** Exponential: interruptions come at random. */
  #draw(): number {
    return -Math.log(1 - this.#random());
  }
}
