import { availableParallelism, cpus, totalmem, type } from 'node:os';
import type { Plan } from '../../lib/plan/plan.ts';
import type { ReportConfiguration } from '../../lib/report/report.ts';
import { planConfiguration } from '../../lib/report/plan-configuration.ts';
import { isLoopback } from '../../lib/run/safety.ts';
import { formatNumber } from '../../lib/units.ts';
import type { TargetUnderTest } from './target-under-test.ts';

/** The configuration that a report shows (R146): what was loaded, with what, on what. */
export function configurationOf(
  plan: Plan,
  { target, description }: TargetUnderTest,
  compress: string | undefined,
): ReportConfiguration {
  return [
    ['Target', description],
    ['Generator on', machine()],
    ['Target on', isLoopback(target) ? 'the same machine' : target.host],
    ...(compress === undefined ? [] : [['Compressed', `${compress} times`] as const]),
    ...planConfiguration(plan),
  ];
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const memory = formatNumber(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores of ${model}, ${memory} GiB, ${type()}, Node ${process.versions.node}`;
}

/** What speaks against a run that only its machine knows. */
export function machineDoubts(plan: Plan, { target }: TargetUnderTest, intervalFailure: string | undefined): string[] {
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
