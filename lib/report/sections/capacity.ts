import type { CapacityFinding } from '../../analysis/capacity/finding.ts';
import type { ProbeRow } from '../../analysis/capacity/capacity.ts';
import type { FittedValue } from '../../analysis/capacity/usl.ts';
import type { KeyFigure } from '../figures.ts';
import { intervalClause, showRate } from '../capacity-words.ts';
import { isPresent, MISSING, showCount, showPerSecond, showRatio, showSeconds, showUs } from '../numbers.ts';
import type { Verdict } from '../../analysis/verdict.ts';
import {
  figureCell,
  verdictCell,
  type Block,
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
      {
        block: 'sentence',
        tone: capacity.verdict === 'found' && capacity.wide !== true ? 'quiet' : 'reason',
        text: capacity.reason,
      },
      { block: 'sentence', tone: 'quiet', text: legendOf(capacity), detail: true },
      scatterOf(capacity),
      probesTable(capacity.probes),
      ...[scalabilityOf(capacity), inconsistentOf(capacity)].flatMap(noteOf),
    ],
  };
};

const spread = ({ value, plusMinus }: FittedValue, show: (value: number) => string): string =>
  `${show(value)} ± ${show(plusMinus)}`;

/** Undefined in a report of a version that fitted none. */
function scalabilityOf({ scalability }: CapacityFinding): string | undefined {
  if (scalability === undefined) return undefined;
  if (!scalability.usable)
    return `The Universal Scalability Law does not describe these probes: ${scalability.reason}.`;
  const { sigma, kappa, peak } = scalability;
  const shares = `contention σ ${spread(sigma, showRatio)}, coherency κ ${spread(kappa, showRatio)}`;
  const top =
    peak === undefined ? 'it shows no peak' : `its peak is at ${spread(peak.load, showCount)} requests under way`;
  return `By the Universal Scalability Law over requests under way: ${shares}; ${top}.`;
}

function inconsistentOf({ inconsistent = [] }: CapacityFinding): string | undefined {
  if (inconsistent.length === 0) return undefined;
  const shown = inconsistent.map(
    ({ perSecond, users, usersByLaw }) =>
      `${rate(perSecond)} (${showCount(users)}, by the law ${showCount(usersByLaw)})`,
  );
  return `Users, throughput and time of these probes don't fit by Little's law, as where requests pile up: ${shown.join(', ')}.`;
}

const noteOf = (text: string | undefined): Block[] =>
  text === undefined ? [] : [{ block: 'sentence', tone: 'note', text, detail: true }];

/** None where there is no value. */
const figure = <Value>(
  label: string,
  value: Value | undefined,
  show: (value: Value) => string,
  note: string,
): KeyFigure[] => (value === undefined ? [] : [{ label, value: show(value), note }]);

const rate = (perSecond: number): string => `${showRate(perSecond)}/s`;

function figuresOf(capacity: CapacityFinding): KeyFigure[] {
  const { arrivals, heldPerSecond, holdSeconds, recoverySeconds = 0 } = capacity;
  const kind = arrivals === 'poisson' ? 'random (Poisson) arrivals' : 'evenly spaced arrivals';
  const held = heldPerSecond === undefined ? '' : `held at ${rate(heldPerSecond)} for ${showSeconds(holdSeconds)}`;
  const back = `the highest overload from which it came back by itself, within ${showSeconds(recoverySeconds)}`;
  return [
    {
      label: 'Capacity',
      value: capacity.perSecond === undefined ? MISSING : rate(capacity.perSecond),
      note: [kind, intervalClause(capacity), held].filter((part) => part !== '').join('; '),
    },
    ...figure('Throughput there', capacity.throughputPerSecond, showPerSecond, 'successful requests'),
    ...figure('Under way there', capacity.users, showCount, 'arrivals at the same time, on average'),
    ...figure('Breaks first', capacity.objective, (text) => text, 'of the objectives'),
    ...figure('Recovers from', capacity.recoversFromPerSecond, rate, back),
    ...figure(
      'Goodput in overload',
      capacity.goodputAbovePerSecond,
      showPerSecond,
      'successful, while others piled up',
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
  quantilesUs.find((each) => isPresent(each)) ?? (isPresent(meanUs) ? meanUs : undefined);

const verdictOf = ({ verdict }: ProbeRow): Verdict => (verdict === 'unsure' ? 'unknown' : verdict);

/** Whether the times shown are those of an objective's percentile; else they are means. */
const hasPercentile = (probes: readonly ProbeRow[]): boolean =>
  probes.some(({ quantilesUs }) => quantilesUs.some((each) => isPresent(each)));

/** What the chart shows, in words. */
function legendOf({ probes, interval, limitUs }: CapacityFinding): string {
  const time = hasPercentile(probes) ? 'the percentile that the first objective on time names' : 'the mean time';
  return [
    `Each mark is a probe: ${time}, over its rate`,
    ...(interval === undefined ? [] : ['the interval of the capacity is shaded']),
    ...(limitUs === undefined ? [] : [`the limit of ${showUs(limitUs)} is dashed`]),
  ]
    .join('; ')
    .concat('.');
}

const columnsOf = (probes: readonly ProbeRow[]): readonly Column[] => [
  { title: 'Probe', brief: 'probe' },
  { title: 'Rate', unit: 'arrivals/s', align: 'right', brief: 'rate' },
  { title: 'Lasted', align: 'right' },
  { title: 'Verdict', brief: 'verdict' },
  { title: 'Carried', unit: 'requests', align: 'right', brief: 'carried' },
  hasPercentile(probes)
    ? { title: 'Percentile', align: 'right', brief: 'percentile' }
    : { title: 'Mean time', align: 'right', brief: 'mean' },
  { title: 'Failed', align: 'right', brief: 'failed' },
];

function probesTable(probes: readonly ProbeRow[]): Table {
  return {
    block: 'table',
    label: 'Probes',
    columns: columnsOf(probes),
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
