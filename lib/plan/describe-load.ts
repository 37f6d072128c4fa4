import { counted, formatNumber, formatSpan } from '../units.ts';
import type { Load } from './phase.ts';
import { isSearch, planUs, type Plan } from './plan.ts';

export const unitOfLoad = ({ model, counts }: Load): string =>
  model === 'closed' ? 'users' : `${counts ?? 'arrivals'}/s`;

/** A load in a few words: `200 arrivals/s`, `20 → 200 users`, `50 users, 500 for 1 min, 50`. */
export function describeLoad(load: Load): string {
  const pace = load.paceUs === undefined ? '' : `, a journey every ${formatSpan(load.paceUs)}`;
  return `${describeLevels(load)}${pace}`;
}

function describeLevels(load: Load): string {
  const { segments } = load;
  const unit = unitOfLoad(load);
  const [first] = segments;
  if (first === undefined) return `no ${unit}`;
  if (segments.length === 1) return `${level(first.from, first.to)} ${isOneUser(load) ? 'user' : unit}`;
  const shown = segments
    .slice(0, 4)
    .map(({ from, to, durationUs }) => `${level(from, to)} for ${formatSpan(durationUs)}`);
  return `${unit}: ${shown.join(', ')}${segments.length > shown.length ? ', …' : ''}`;
}

const isOneUser = ({ model, segments }: Load): boolean =>
  model === 'closed' && segments.every(({ from, to }) => from === 1 && to === 1);

const level = (from: number, to: number): string =>
  from === to ? formatNumber(from) : `${formatNumber(from)} → ${formatNumber(to)}`;

/** What is run, in a few words: `4 phases, 1 min of load`. */
export const describePlan = (plan: Plan): string =>
  isSearch(plan)
    ? `a search for the capacity, at most ${formatSpan(planUs(plan))} of load`
    : `${counted(plan.phases.length, 'phase')}, ${formatSpan(planUs(plan))} of load`;
