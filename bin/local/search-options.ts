import { PlimsollError } from '../../lib/errors.ts';
import type { CapacitySearch } from '../../lib/plan/capacity.ts';
import { BRACKET_US } from '../../lib/plan/checks/capacity.ts';
import { asSearch, type Plan } from '../../lib/plan/plan.ts';
import { spanOf } from './address-plan.ts';

/** Of `plimsoll capacity`: what takes the place of the plan's own `capacity`. */
export interface SearchOptions {
  readonly budget?: string;
  readonly hold?: string;
  readonly from?: string;
  readonly max?: string;
}

/**
 * The plan as a search, by its own `capacity` and these options.
 * @throws PlimsollError E-USAGE
 */
export function searched(plan: Plan, { budget, hold, from, max }: SearchOptions): Plan {
  const capacity = {
    ...plan.capacity,
    ...(budget !== undefined && { budgetUs: spanOf('--budget', budget) }),
    ...(hold !== undefined && { holdUs: spanOf('--hold', hold) }),
    ...(from !== undefined && { fromPerSecond: rateOf('--from', from) }),
    ...(max !== undefined && { maxPerSecond: rateOf('--max', max) }),
  };
  refuseSearch(capacity);
  return asSearch({ ...plan, capacity });
}

/** What a plan's own `capacity` is refused for, of options too. */
function refuseSearch({ fromPerSecond, maxPerSecond, holdUs, budgetUs }: CapacitySearch): void {
  if (fromPerSecond > maxPerSecond) {
    const sentence = `--max ${maxPerSecond} is below the ${fromPerSecond} arrivals/s that the search begins with.`;
    throw new PlimsollError('E-USAGE', sentence);
  }
  if (budgetUs < holdUs + BRACKET_US) {
    const sentence = `--budget ${budgetUs / 1e6}s is too little: the hold of ${holdUs / 1e6}s and 30 s to come near the capacity must fit into it.`;
    throw new PlimsollError('E-USAGE', sentence);
  }
}

function rateOf(option: string, text: string): number {
  if (!(Number(text) > 0)) throw new PlimsollError('E-USAGE', `${option} takes arrivals a second, not ${text}.`);
  return Number(text);
}
