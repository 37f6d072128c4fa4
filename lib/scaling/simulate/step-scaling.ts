/** From a value of the metric on, a share of the capacity to add (or, below zero, to take). */
export interface ScalingStep {
  readonly from: number;
  readonly share: number;
}

/**
 * A percentage of capacity as a change: towards zero, but one at least.
 * Source: Application Auto Scaling User Guide, "Step scaling policies", scaling adjustment types.
 */
export function changeOf(capacity: number, share: number, minMagnitude = 1): number {
  const exact = capacity * share;
  if (exact === 0) return 0;
  const whole = Math.trunc(exact + Math.sign(exact) * 1e-9);
  return Math.sign(exact) * Math.max(minMagnitude, Math.abs(whole));
}

/** The share of the step that a value falls into; 0 below the first. */
export function shareAt(steps: readonly ScalingStep[], value: number): number {
  let share = 0;
  for (const step of steps) if (value >= step.from) share = step.share;
  return share;
}

/**
 * Base of a scale-out. While a cooldown lasts, what its activity added counts as part of what the next one adds: with 2 added already, a step of 3
 * adds 1. Source: Application Auto Scaling API, StepScalingPolicyConfiguration, Cooldown; the same holds for target tracking.
 */
export class OutCooldown {
  readonly #seconds: number;
  #until = Number.NEGATIVE_INFINITY;
  #base = 0;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  base(now: number, desired: number): number {
    return now < this.#until ? this.#base : desired;
  }

  /** A scale-out of its policy has begun. */
  start(now: number, before: number): void {
    if (now < this.#until) return;
    this.#until = now + this.#seconds;
    this.#base = before;
  }
}
