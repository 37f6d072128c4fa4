import type { Readings } from '../measure/asked.ts';
import type { AbortCondition, ObjectiveLimit } from '../plan/objective.ts';
import { CONSECUTIVE } from './consecutive.ts';
import { holds } from './objectives.ts';
import type { PhaseAbort } from './outcome.ts';

/** For how long a condition has held. */
class Standing {
  readonly #forSeconds: number;
  readonly #limit: ObjectiveLimit;
  #sinceSecond: number | undefined;
  #readings = 0;

  constructor({ limit, forSeconds = 1 }: AbortCondition) {
    this.#limit = limit;
    this.#forSeconds = forSeconds;
  }

  /** Whether it has held for its time by the end of `second`. A second without evidence changes nothing. */
  after(second: number, value: number): boolean {
    if (Number.isNaN(value)) return false;
    if (!holds(this.#limit, value)) {
      this.#sinceSecond = undefined;
      this.#readings = 0;
      return false;
    }
    this.#sinceSecond ??= second;
    this.#readings += 1;
    // Of a trickle of requests two slow ones may lie a minute apart.
    const enough = Math.min(CONSECUTIVE, this.#forSeconds);
    return second + 1 - this.#sinceSecond >= this.#forSeconds && this.#readings >= enough;
  }
}

/** Watches a phase second by second for what ends it. */
export class AbortWatch {
  readonly #standings: readonly (readonly [AbortCondition, Standing])[];

  constructor(conditions: readonly AbortCondition[] = []) {
    this.#standings = conditions.map((condition) => [condition, new Standing(condition)]);
  }

  /** The first condition that has held for its time by the end of `second`. */
  after(second: number, readings: Readings): PhaseAbort | undefined {
    const all = this.#standings.map(([{ text }, standing]) => {
      const value = readings.get(text) ?? Number.NaN;
      return { condition: text, value, holds: standing.after(second, value) };
    });
    const found = all.find((each) => each.holds);
    return found && { condition: found.condition, value: found.value, atSeconds: second + 1 };
  }
}
