import { USED_PERCENT } from '../../environment/environment.ts';
import { TICK_SECONDS } from './metric.ts';

export interface MachineGroup {
  /** Tasks that one machine holds. */
  readonly each: number;
  readonly min: number;
  readonly max: number;
}

/** Until a machine has joined its cluster (lib/infra/staging/instances.ts). */
const JOIN_TICKS = 120 / TICK_SECONDS;
/** Machines that ECS adds at once (the same file). */
const MOST_ADDED = 4;
const IN_POINTS = 15;
const MINUTE_TICKS = 60 / TICK_SECONDS;

/**
 * An Auto Scaling group that ECS sizes by its CapacityProviderReservation, machines needed ÷ machines there × 100: out after one datapoint of a minute
 * above the target, in after fifteen below. Tasks are taken to be packed, so that the machines that go are empty.
 * Sources: Amazon ECS Developer Guide, "Automatically manage Amazon ECS capacity with cluster auto scaling"; AWS containers blog, "Deep Dive on
 * Amazon ECS Cluster Auto Scaling".
 */
export class Machines {
  /** That carry tasks, or could. */
  ready: number;
  readonly #group: MachineGroup;
  readonly #starting: { atTick: number; count: number }[] = [];
  #low = 0;

  constructor(group: MachineGroup, tasks: number) {
    this.#group = group;
    this.ready = this.#sized(tasks);
  }

  get places(): number {
    return this.ready * this.#group.each;
  }

  /** Paid for. */
  get there(): number {
    return this.#starting.reduce((sum, { count }) => sum + count, this.ready);
  }

  tick(tick: number, tasks: number): void {
    for (let [first] = this.#starting; first !== undefined && first.atTick <= tick; [first] = this.#starting) {
      this.ready += first.count;
      this.#starting.shift();
    }
    if (tick % MINUTE_TICKS !== 0) return;
    const wanted = this.#sized(tasks);
    const { there } = this;
    if (wanted > there) this.#starting.push({ atTick: tick + JOIN_TICKS, count: Math.min(MOST_ADDED, wanted - there) });
    this.#low = wanted < there ? this.#low + 1 : 0;
    if (this.#low < IN_POINTS || this.#starting.length > 0) return;
    this.ready = wanted;
    this.#low = 0;
  }

  #sized(tasks: number): number {
    const { each, min, max } = this.#group;
    const needed = Math.ceil(tasks / each);
    return Math.min(max, Math.max(min, Math.ceil((needed * 100) / USED_PERCENT)));
  }
}
