import { oneLine } from '../numbers.ts';
import type { Report } from '../report.ts';
import type { PhaseFindings } from '../../analysis/phase.ts';

/** A figure of a phase; null where nothing was measured, and then it is left out. */
interface Family {
  readonly name: string;
  readonly help: string;
  readonly points: (phase: PhaseFindings) => readonly (readonly [label: string, value: number | null])[];
}

const seconds = (us: number | null): number | null => (us === null ? null : us / 1e6);

const times = (name: string, help: string, of: 'responseTimeUs' | 'serviceTimeUs'): Family => ({
  name,
  help,
  points: ({ [of]: { p50, p95, p99 } }) => [
    [',quantile="0.5"', seconds(p50)],
    [',quantile="0.95"', seconds(p95)],
    [',quantile="0.99"', seconds(p99)],
  ],
});

const FAMILIES: readonly Family[] = [
  times(
    'plimsoll_response_time_seconds',
    'From the intended start of a request to the end of its reply.',
    'responseTimeUs',
  ),
  times('plimsoll_service_time_seconds', 'From sending a request to the end of its reply.', 'serviceTimeUs'),
  {
    name: 'plimsoll_throughput_per_second',
    help: 'Successful requests a second.',
    points: ({ throughputPerSecond }) => [['', throughputPerSecond]],
  },
  {
    name: 'plimsoll_error_ratio',
    help: 'Requests that failed or timed out, of all that ended.',
    points: ({ errorRatio }) => [['', errorRatio]],
  },
];

/**
 * `metrics.txt`: the key figures of each phase but warm-up as OpenMetrics text (OpenMetrics 1.0): what GitLab shows in a merge request as a metrics report, and
 * what Prometheus reads through a file.
 */
export function renderOpenMetrics({ summary }: Report): string {
  const phases = summary.phases.filter(({ kind }) => kind !== 'warm-up');
  const families = FAMILIES.flatMap(({ name, help, points }) => [
    `# TYPE ${name} gauge`,
    `# HELP ${name} ${help}`,
    ...phases.flatMap((phase) =>
      points(phase).flatMap(([label, value]) =>
        value === null || !Number.isFinite(value)
          ? []
          : [`${name}{plan="${labelValue(summary.plan.name)}",phase="${labelValue(phase.name)}"${label}} ${value}`],
      ),
    ),
  ]);
  return `${[...families, '# EOF'].join('\n')}\n`;
}

const labelValue = (text: string): string => oneLine(text).replaceAll(/[\\"]/g, String.raw`\$&`);
