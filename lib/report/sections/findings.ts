import type { FindingName } from '../../analysis/index.ts';
import { bottleneckName, keyFigures } from '../figures.ts';
import { isImported } from '../imported-words.ts';
import { capacitySection } from './capacity.ts';
import { remedyPageOf } from '../remedy-pages.ts';
import { runObjectivesSection } from './phases.ts';
import { kneeSection } from './knee.ts';
import { driftSection, healthSection, integritySection, readinessSection } from './watching.ts';
import { scalingSection } from './scaling.ts';
import type { CascadeMoment } from '../../analysis/diagnosis/cascade.ts';
import type { RankedCause } from '../../analysis/diagnosis/diagnose.ts';
import { showPerSecond, showSeconds } from '../numbers.ts';
import { figureColumn, tableOf, type Block, type SectionOf, type Table } from './section.ts';

/** Of equal weight: none of them is a verdict. The figures of a search are those of its capacity, of an imported run the tool's. */
export const keyFiguresSection: SectionOf = (report) =>
  report.summary.capacity === undefined && !isImported(report.summary) ? figuresOfRun(report) : undefined;

const figuresOfRun: SectionOf = (report) => ({
  id: 'strip',
  title: 'Key figures',
  lead: 'unnamed',
  blocks: [{ block: 'figures', names: ['Figure', 'Value', 'Where'], figures: keyFigures(report) }],
});

/** Of a finding that is a key figure, and needs no more than that. */
const noSection: SectionOf = () => undefined;

/** The likeliest cause in one sentence, with its evidence; what else was likely, and what speaks against it, below. */
const bottleneckSection: SectionOf = ({ summary }) => {
  if (summary.bottleneck === undefined) return undefined;
  const { id, confidence, evidence, remedy } = summary.bottleneck;
  const page = remedyPageOf(id);
  const { diagnosis } = summary;
  const [first, ...others] = diagnosis?.causes ?? [];
  return {
    id: 'bottleneck',
    title: 'What gives way first',
    blocks: [
      { block: 'finding', text: bottleneckName(summary.bottleneck), note: `${confidence} confidence` },
      ...(first === undefined ? [] : [quiet(beginning(first))]),
      { block: 'list', items: evidence.map((text) => ({ text })) },
      ...(id === 'unknown' || diagnosis?.cascade === undefined ? [] : spread(diagnosis.cascade)),
      ...(first === undefined ? [] : against(first)),
      ...(remedy === '' ? [] : [{ block: 'remark', label: 'Remedy', text: remedy } as const]),
      ...(page === undefined ? [] : [{ block: 'remark', label: 'What to look at', text: page } as const]),
      ...(others.length === 0 ? [] : [{ ...weighed(others), detail: true } as const]),
    ],
  };
};

const quiet = (text: string): Block => ({ block: 'sentence', text, tone: 'quiet' });

const beginning = ({ hypothesis, sinceSeconds, perSecond }: RankedCause): string =>
  `${hypothesis.replaceAll('-', ' ')}, from ${showSeconds(sinceSeconds)} of the run on, at ${showPerSecond(perSecond)} offered`;

const spread = (cascade: readonly CascadeMoment[]): readonly Block[] => [
  quiet('a cascade, in the order of time:'),
  { block: 'list', items: cascade.map(({ text }) => ({ text })) },
];

const against = ({ contradicting }: RankedCause): readonly Block[] =>
  contradicting.length === 0 ? [] : [quiet(`against it: ${contradicting.map(({ text }) => text).join('; ')}`)];

/** Each with the load at which it begins. */
const weighed = (causes: readonly RankedCause[]): Table =>
  tableOf(
    'What else was weighed',
    [
      [{ title: 'Hypothesis' }, ({ hypothesis }) => ({ as: 'text', text: hypothesis.replaceAll('-', ' ') })],
      [{ title: 'Confidence' }, ({ confidence }) => ({ as: 'text', text: confidence })],
      figureColumn('From', ({ sinceSeconds }: RankedCause) => showSeconds(sinceSeconds)),
      figureColumn('Offered', ({ perSecond }: RankedCause) => showPerSecond(perSecond)),
      [
        { title: 'For it' },
        ({ supporting }) => ({ as: 'text', text: supporting.map(({ text }) => text).join('; '), long: true }),
      ],
      [
        { title: 'Against it' },
        ({ contradicting }) => ({ as: 'text', text: contradicting.map(({ text }) => text).join('; '), long: true }),
      ],
    ],
    causes,
  );

/** The section of each finding of the run, in the order in which they are read; a finding without a line here does not compile. */
export const findingSections: Readonly<Record<FindingName, SectionOf>> = {
  readiness: readinessSection,
  runObjectives: runObjectivesSection,
  capacity: capacitySection,
  breakingPoint: noSection,
  knee: kneeSection,
  recovery: noSection,
  integrity: integritySection,
  health: healthSection,
  drift: driftSection,
  scaling: scalingSection,
  bottleneck: bottleneckSection,
  // Its causes stand with the bottleneck.
  diagnosis: noSection,
};
