import { describeLoad } from '../../report/describe-load.ts';
import type { Configuration } from '../../report/report.ts';
import { peakLevel } from '../../schedule/segment.ts';
import { formatNumber, formatSpan } from '../../units.ts';
import type { KeptRun } from './kept-run.ts';
import type { CloudSettings } from './settings.ts';

/** The configuration that a report shows (R146): what was loaded, with what, by whom. */
export function runConfiguration({ facts, plan }: KeptRun, settings: CloudSettings): Configuration {
  const durationUs = plan.phases.reduce((sum, phase) => sum + phase.durationUs, 0);
  const peak = plan.phases.toSorted((a, b) => peakLevel(b.segments) - peakLevel(a.segments))[0];
  const weights = plan.scenarios.reduce((sum, { weight }) => sum + weight, 0);
  const scenarios = plan.scenarios.map(({ name, weight }) => `${name} ${formatNumber((weight / weights) * 100)} %`);
  return [
    ['Environment', facts.environment],
    ['Target', facts.target],
    ['Generator on', `${facts.workers} Fargate tasks of ${settings.taskVcpus} vCPU, ${settings.capacity}`],
    ['Execution', facts.execution],
    ['Duration by plan', formatSpan(durationUs)],
    ['Peak load', peak === undefined ? 'none' : `${describeLoad(peak)} (${peak.name})`],
    ['Scenarios', scenarios.join(', ')],
    ['Objectives', plan.profile === undefined ? 'of the plan' : `profile ${plan.profile}, and the plan's own`],
    ['Certificates', plan.tls.insecure ? 'not verified, as the plan says' : 'verified'],
    ['Seed', String(plan.seed)],
  ];
}
