import type { Plan } from '../../lib/plan/plan.ts';
import { allStepsOf } from '../../lib/plan/steps/index.ts';

/** Whether the plan's load has moments of its own: arrivals, a pace or pauses. Users who only wait for replies have none. */
export const hasMoments = ({ search, phases, scenarios }: Pick<Plan, 'search' | 'phases' | 'scenarios'>): boolean =>
  search === true ||
  phases.some(({ model, paceUs }) => model === 'open' || paceUs !== undefined) ||
  scenarios.some(({ onStart, steps }) => allStepsOf([...onStart, ...steps]).some(({ kind }) => kind === 'pause'));
