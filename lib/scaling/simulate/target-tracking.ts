/** Consecutive datapoints above the target before tasks are added. Source: Application Auto Scaling User Guide, "Target tracking scaling policies". */
const OUT_POINTS = 3;
/** Minutes below nine tenths of the target before tasks are taken away. */
const IN_MINUTES = 15;
/** Below this part of the target the low alarm of target tracking is set, so that it does not swing. */
const SLACK_RATIO = 0.9;

/** A target tracking policy with its two alarms. */
export class TargetTracker {
  readonly name: string;
  readonly #target: number;
  readonly #inPoints: number;
  #above = 0;
  #below = 0;
  #value = Number.NaN;

  constructor(name: string, target: number, periodSeconds: 20 | 60) {
    this.name = name;
    this.#target = target;
    this.#inPoints = (IN_MINUTES * 60) / periodSeconds;
  }

  see(value: number): void {
    this.#value = value;
    this.#above = value > this.#target ? this.#above + 1 : 0;
    this.#below = value < this.#target * SLACK_RATIO ? this.#below + 1 : 0;
  }

  get isHigh(): boolean {
    return this.#above >= OUT_POINTS;
  }

  get isLow(): boolean {
    return this.#below >= this.#inPoints;
  }

  /** Tasks that would bring the metric to its target, in proportion, rounded up for the sake of availability. */
  wanted(tasks: number): number {
    return Math.ceil((tasks * this.#value) / this.#target - 1e-9);
  }
}
