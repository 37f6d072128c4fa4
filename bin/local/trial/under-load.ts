import { describeLoad } from '../../../lib/plan/describe-load.ts';
import type { Phase } from '../../../lib/plan/phase.ts';
import { dueByPlan, phaseSeed, type Plan } from '../../../lib/plan/plan.ts';
import { counted, formatSpan } from '../../../lib/units.ts';

/** What one journey after another doesn't show of a plan, a line each. */
export const differencesUnderLoad = (plan: Plan): string[] => [
  ...plan.phases.map(
    (phase, number) =>
      `phase ${phase.name}: ${describeLoad(phase)} for ${formatSpan(phase.durationUs)}${inAll(plan, phase, number)}`,
  ),
  plan.connections === 'shared' ? 'users share connections' : 'each user opens connections of its own',
  ...plan.feeders.map(
    ({ name, order, rows }) => `feeder ${name} has ${counted(rows?.starts.length ?? 0, 'row')}, ${ROWS[order]}`,
  ),
  ...sharesOf(plan),
  ...onceAUser(plan),
  ...(plan.hooks === undefined ? [] : ["hooks take the generator's time, in a thread of their own"]),
  'times are judged, and conditions, choices and random values may lead elsewhere',
];

function inAll(plan: Plan, phase: Phase, number: number): string {
  const due = dueByPlan(phase, phaseSeed(plan, number), { index: 0, of: 1 });
  return due === undefined ? '' : `, ${counted(due, 'journey')}`;
}

const ROWS: Readonly<Record<Plan['feeders'][number]['order'], string>> = {
  sequential: 'one after another, and then again',
  random: 'one by chance',
  unique: 'each of them once in the whole run',
};

function sharesOf({ scenarios }: Plan): string[] {
  const sum = scenarios.reduce((all, { weight }) => all + weight, 0);
  const shares = scenarios.map(({ name, weight }) => `${name} ${Math.round((100 * weight) / sum)} %`);
  return scenarios.length > 1 ? [`scenarios are mixed: ${shares.join(', ')}`] : [];
}

function onceAUser({ scenarios, phases }: Plan): string[] {
  const begun = scenarios.filter(({ onStart }) => onStart.length > 0);
  return begun.length > 0 && phases.some(({ model }) => model === 'closed')
    ? [`onStart of ${begun.map(({ name }) => name).join(', ')} is taken once a user, and not before each journey`]
    : [];
}
