import type { PartName } from '../../measure/transfer.ts';
import type { Percentiles } from '../../measure/histogram.ts';
import type { Point } from '../../measure/measurement.ts';
import { isPresent, type Figure } from '../numbers.ts';
import type { PhaseTimeline, Report } from '../report.ts';

type Cell = string | Figure;
type Column = readonly [header: string, cell: (point: Point, phase: PhaseTimeline) => Cell];

const timesOf = (name: string, times: (point: Point) => Percentiles | undefined): readonly Column[] =>
  (['mean', 'deviation', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const).map((stat) => [
    `${name}_${stat}_us`,
    (point) => times(point)?.[stat],
  ]);

/** Over all requests, so that they add up to `service_time_mean_us`. */
const parts: readonly (readonly [name: string, part: PartName])[] = [
  ['lookup', 'lookup'],
  ['connect', 'connect'],
  ['tls', 'tls'],
  ['first_byte', 'firstByte'],
  ['body', 'body'],
];

const COLUMNS: readonly Column[] = [
  ['phase', (_, { phase }) => phase],
  ['at_seconds', (point, { startSeconds }) => startSeconds + point.atSeconds],
  ['phase_seconds', (point) => point.atSeconds],
  ['width_seconds', (point) => point.seconds],
  ['offered_arrivals_per_second', (point) => point.offeredPerSecond],
  ['throughput_requests_per_second', (point) => point.throughputPerSecond],
  ['sent_requests', ({ ledger }) => ledger.sent],
  ['ok_requests', ({ ledger }) => ledger.ok],
  ['failed_requests', ({ ledger }) => ledger.failed],
  ['timed_out_requests', ({ ledger }) => ledger.timedOut],
  ['cut_requests', ({ ledger }) => ledger.cut],
  ['failures_by_kind', ({ ledger }) => kinds(ledger.failures)],
  ['mean_users', (point) => point.users],
  ...timesOf('response_time', (point) => point.responseTimeUs),
  ...timesOf('service_time', (point) => point.serviceTimeUs),
  ...parts.map(([name, part]): Column => [`${name}_mean_us`, ({ partMeansUs }) => partMeansUs?.[part]]),
  ['connections_opened', ({ transfers }) => transfers?.opened],
  ['connections_reused', ({ transfers }) => transfers?.reused],
  ['bytes_sent', ({ transfers }) => transfers?.bytesSent],
  ['bytes_received', ({ transfers }) => transfers?.bytesReceived],
  ['start_delay_p99_us', (point) => point.startDelayP99Us],
  ['generator_cpu_ratio', (point) => point.generatorCpuRatio],
];

const kinds = (failures: Readonly<Record<string, number>>): string =>
  Object.entries(failures)
    .map(([kind, count]) => `${kind}=${count}`)
    .join(' ');

/** Microseconds and six decimals are finer than anything measured; without the rounding 0.1 + 0.2 would show its tail. */
const numeral = (value: number): string => String(Number(value.toFixed(6)));

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return isPresent(cell) ? numeral(cell) : '';
}

/** `intervals.csv` (RFC 4180): a header with units, then one row a point and phase. Empty where nothing was measured. */
export function renderCsv(report: Report): string {
  const header = COLUMNS.map(([name]) => name);
  const rows = report.timeline.flatMap((phase) =>
    phase.points.map((point) => COLUMNS.map(([, cell]) => cellText(cell(point, phase)))),
  );
  return [header, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
