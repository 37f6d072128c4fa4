import { availableParallelism, cpus, totalmem, type } from 'node:os';
import { planUs, type Plan } from '../../lib/plan/plan.ts';
import type { Configuration } from '../../lib/report/report.ts';
import { describeLoad } from '../../lib/report/describe-load.ts';
import { peakLevel } from '../../lib/schedule/segment.ts';
import { isLoopback } from '../../lib/run/safety.ts';
import { formatNumber, formatSpan } from '../../lib/units.ts';
import type { Surroundings } from './surroundings.ts';

/** The configuration that a report shows (R146): what was loaded, with what, on what. */
export function configurationOf(
  plan: Plan,
  { target, description }: Surroundings,
  compress: string | undefined,
): Configuration {
  const peak = plan.phases.toSorted((a, b) => peakLevel(b.segments) - peakLevel(a.segments))[0];
  const weights = plan.scenarios.reduce((sum, { weight }) => sum + weight, 0);
  const scenarios = plan.scenarios.map(({ name, weight }) => `${name} ${formatNumber((weight / weights) * 100)} %`);
  return [
    ['Target', description],
    ['Generator on', machine()],
    ['Target on', isLoopback(target) ? 'the same machine' : target.host],
    ['Duration by plan', formatSpan(planUs(plan))],
    ...(compress === undefined ? [] : [['Compressed', `${compress} times`] as const]),
    ['Peak load', peak === undefined ? 'none' : `${describeLoad(peak)} (${peak.name})`],
    ['Scenarios', scenarios.join(', ')],
    ['Objectives', plan.profile === undefined ? 'of the plan' : `profile ${plan.profile}, and the plan's own`],
    ['Certificates', plan.tls.insecure ? 'not verified, as the plan says' : 'verified'],
    ['Seed', String(plan.seed)],
  ];
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const memory = formatNumber(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores of ${model}, ${memory} GiB, ${type()}, Node ${process.versions.node}`;
}

/** What only the machine that ran it can tell against a run. */
export function machineDoubts(plan: Plan, { target }: Surroundings, intervalFailure: string | undefined): string[] {
  const doubts: string[] = [];
  if (isLoopback(target)) {
    doubts.push(
      'Generator and target share one machine, so each takes CPU from the other; capacity on hardware of its own differs.',
    );
  }
  if (plan.tls.insecure) doubts.push('Certificates were not verified, as the plan says.');
  if (intervalFailure !== undefined) doubts.push(`Raw intervals are incomplete: ${intervalFailure}.`);
  return doubts;
}
