import { availableParallelism, cpus, totalmem, type } from 'node:os';
import type { Phase } from '../../lib/plan/phase.ts';
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
  const weights = plan.scenarios.reduce((sum, { weight }) => sum + weight, 0);
  const scenarios = plan.scenarios.map(({ name, weight }) => `${name} ${formatNumber((weight / weights) * 100)} %`);
  return [
    ['Target', description],
    ['Generator on', machine()],
    ['Target on', isLoopback(target) ? 'the same machine' : target.host],
    ['Duration by plan', formatSpan(planUs(plan))],
    ...(compress === undefined ? [] : [['Compressed', `${compress} times`] as const]),
    ['Peak load', peakLoad(plan.phases)],
    ['Scenarios', scenarios.join(', ')],
    ['Objectives', plan.profile === undefined ? 'of the plan' : `profile ${plan.profile}, and the plan's own`],
    ['Certificates', plan.tls.insecure ? 'not verified, as the plan says' : 'verified'],
    ['Seed', String(plan.seed)],
  ];
}

/** The highest of each model, since arrivals and users have no common measure. */
function peakLoad(phases: readonly Phase[]): string {
  const highest = (['open', 'closed'] as const).flatMap((wanted) => {
    const ofModel = phases.filter(({ model }) => model === wanted);
    return ofModel.toSorted((a, b) => peakLevel(b.segments) - peakLevel(a.segments)).slice(0, 1);
  });
  return highest.length === 0 ? 'none' : highest.map((phase) => `${describeLoad(phase)} (${phase.name})`).join('; ');
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
