import type { Phase } from '../plan/phase.ts';
import { planUs, type Plan } from '../plan/plan.ts';
import { peakLevel } from '../schedule/segment.ts';
import { formatNumber, formatSpan } from '../units.ts';
import { describeLoad, unitOfLoad } from '../plan/describe-load.ts';
import type { ReportConfiguration } from './report.ts';

/** What the plan says of a run, as rows of the report's configuration. */
export function planConfiguration(plan: Plan): ReportConfiguration {
  const weights = plan.scenarios.reduce((sum, { weight }) => sum + weight, 0);
  const scenarios = plan.scenarios.map(({ name, weight }) => `${name} ${formatNumber((weight / weights) * 100)} %`);
  return [
    ['Duration by plan', formatSpan(planUs(plan))],
    ['Peak load', peakLoad(plan.phases)],
    ['Scenarios', scenarios.join(', ')],
    ['Objectives', plan.profile === undefined ? 'of the plan' : `profile ${plan.profile}, and the plan's own`],
    ...(plan.proxy === undefined ? [] : [['Proxy', plan.proxy.url] as const]),
    ['Certificates', plan.tls.insecure ? 'not verified, as the plan says' : 'verified'],
    ['Seed', String(plan.seed)],
  ];
}

/** The highest of each unit, since arrivals and users have no common measure. */
function peakLoad(phases: readonly Phase[]): string {
  const byUnit = Map.groupBy(
    phases.toSorted((a, b) => b.model.localeCompare(a.model)),
    unitOfLoad,
  );
  const highest = [...byUnit.values()].flatMap((each) =>
    each.toSorted((a, b) => peakLevel(b.segments) - peakLevel(a.segments)).slice(0, 1),
  );
  return highest.length === 0 ? 'none' : highest.map((phase) => `${describeLoad(phase)} (${phase.name})`).join('; ');
}
