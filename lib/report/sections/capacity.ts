import type { CapacityFinding } from '../../analysis/capacity/finding.ts';
import type { ProbeRow } from '../../analysis/capacity/capacity.ts';
import type { KeyFigure } from '../figures.ts';
import { intervalClause, showRate } from '../capacity-words.ts';
import { MISSING, showCount, showPerSecond, showRatio, showSeconds, showUs } from '../numbers.ts';
import type { Verdict } from '../../analysis/verdict.ts';
import {
  figureCell,
  verdictCell,
  type Cell,
  type Column,
  type Scatter,
  type SectionOf,
  type Table,
} from './section.ts';

/** The answer of a search and what it rests on; it leads the report of such a run. */
export const capacitySection: SectionOf = ({ summary }) => {
  const { capacity } = summary;
  if (capacity === undefined) return undefined;
  return {
    id: 'capacity',
    title: 'Capacity',
    brief: true,
    blocks: [
      { block: 'figures', names: ['Figure', 'Value', 'Where'], figures: figuresOf(capacity) },
      { block: 'sentence', tone: capacity.verdict === 'found' ? 'quiet' : 'reason', text: capacity.reason },
      scatterOf(capacity),
      probesTable(capacity.probes),
    ],
  };
};

const figure = (label: string, value: string | undefined, note: string): KeyFigure[] =>
  value === undefined ? [] : [{ label, value, note }];

function figuresOf(capacity: CapacityFinding): KeyFigure[] {
  const { perSecond, throughputPerSecond, users, arrivals, heldPerSecond, holdSeconds, objective } = capacity;
  const { recoversFromPerSecond, recoverySeconds, goodputAbovePerSecond } = capacity;
  const kind = arrivals === 'poisson' ? 'random (Poisson) arrivals' : 'evenly spaced arrivals';
  return [
    {
      label: 'Capacity',
      value: perSecond === undefined ? MISSING : `${showRate(perSecond)}/s`,
      note: [kind, intervalClause(capacity)].filter((part) => part !== '').join('; '),
    },
    ...figure(
      'Throughput there',
      throughputPerSecond === undefined ? undefined : showPerSecond(throughputPerSecond),
      'successful requests',
    ),
    ...figure(
      'Under way there',
      users === undefined ? undefined : showCount(users),
      'arrivals at the same time, on average',
    ),
    ...figure(
      'Confirmed',
      heldPerSecond === undefined ? undefined : `${showRate(heldPerSecond)}/s`,
      `held for ${showSeconds(holdSeconds)}`,
    ),
    ...figure('Breaks first', objective, 'of the objectives'),
    ...figure(
      'Recovers from',
      recoversFromPerSecond === undefined ? undefined : `${showRate(recoversFromPerSecond)}/s`,
      `the highest overload from which it came back by itself, within ${showSeconds(recoverySeconds ?? 0)}`,
    ),
    ...figure(
      'Goodput in overload',
      goodputAbovePerSecond === undefined ? undefined : showPerSecond(goodputAbovePerSecond),
      'successful requests while others piled up',
    ),
  ];
}

const scatterOf = ({ probes, interval, limitUs }: CapacityFinding): Scatter => ({
  block: 'scatter',
  label: 'The percentile of each probe over its rate; the interval of the capacity is shaded',
  x: { title: 'arrivals a second' },
  y: { unit: 'us' },
  dots: probes.map((probe) => ({
    x: probe.perSecond,
    y: timeOf(probe) ?? 0,
    verdict: verdictOf(probe),
    note: `${probe.purpose} at ${showCount(probe.perSecond)}/s: ${showUs(timeOf(probe))}, ${showRatio(probe.failedRatio)} failed`,
  })),
  ...(interval !== undefined && { span: interval }),
  ...(limitUs !== undefined && { limit: limitUs }),
});

/** The percentile of the first objective on time; the mean where no objective is on time. */
const timeOf = ({ quantilesUs, meanUs }: ProbeRow): number | undefined =>
  quantilesUs.find((each) => each !== undefined) ?? meanUs;

const verdictOf = ({ verdict }: ProbeRow): Verdict => (verdict === 'unsure' ? 'unknown' : verdict);

const COLUMNS: readonly Column[] = [
  { title: 'Probe', brief: 'probe' },
  { title: 'Rate', unit: 'arrivals/s', align: 'right', brief: 'rate' },
  { title: 'Lasted', align: 'right' },
  { title: 'Verdict', brief: 'verdict' },
  { title: 'Carried', unit: 'requests', align: 'right', brief: 'carried' },
  { title: 'Percentile', align: 'right', brief: 'percentile' },
  { title: 'Failed', align: 'right', brief: 'failed' },
];

function probesTable(probes: readonly ProbeRow[]): Table {
  return {
    block: 'table',
    label: 'Probes',
    columns: COLUMNS,
    rows: probes.map((probe) => ({
      cells: [
        { as: 'text', text: probe.purpose },
        figureCell(showCount(probe.perSecond)),
        figureCell(showSeconds(probe.seconds)),
        probeVerdict(probe),
        figureCell(showPerSecond(probe.throughputPerSecond)),
        figureCell(showUs(timeOf(probe))),
        figureCell(showRatio(probe.failedRatio)),
      ],
    })),
  };
}

const probeVerdict = (probe: ProbeRow): Cell =>
  verdictCell(verdictOf(probe), probe.void ?? (probe.piledUp ? 'requests piled up' : undefined));
