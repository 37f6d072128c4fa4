import type { PhaseFindings, StepFindings } from '../analysis/phase.ts';
import type { TimesUs } from '../measure/times.ts';
import type { Provenance, TimeDefinition } from '../measure/provenance.ts';
import { phasesThatCount } from '../analysis/verdict.ts';
import { counted, formatRatio, formatUs, listed } from '../units.ts';
import { isPresent, showPerSecond, showRatio, showSeconds, showUs } from './numbers.ts';
import type { Recommendation } from './report.ts';
import type { Summary } from './summary.ts';

/** A phase that another tool has measured. */
export interface ImportedPhase {
  readonly phase: PhaseFindings;
  readonly from: Provenance;
}

/** The phases that other tools have measured; none of a run of our own. */
export const importedPhases = ({ imported, phases }: Pick<Summary, 'imported' | 'phases'>): readonly ImportedPhase[] =>
  phases.flatMap((phase) => {
    const from = phase.imported ?? imported;
    return from === undefined ? [] : [{ phase, from }];
  });

export const isImported = (summary: Summary): boolean => importedPhases(summary).length > 0;

/** `Artillery and k6`. */
export const toolsOf = (phases: readonly ImportedPhase[]): string =>
  listed([...new Set(phases.map(({ from }) => from.tool))], 'and');

const FROM: Readonly<Record<TimeDefinition['from'], string>> = {
  intended: 'the intended start',
  request: 'the start of the request',
  sending: 'sending',
};

const FAILED: Readonly<Record<TimeDefinition['failed'], string>> = {
  all: 'failed requests are in it',
  replies: 'replies of any status are in it, requests without a reply are not',
  none: 'failed requests are not in it',
};

/** What makes two times mean different things: `from sending to the last byte; connecting is not in it; failed requests are in it`. */
function meaningOfTimes({ from, to, connect, failed }: TimeDefinition): string {
  const connecting =
    connect === null ? 'perhaps with connecting' : connect ? 'connecting is in it' : 'connecting is not in it';
  const span = `from ${FROM[from]} to the ${to === 'first-byte' ? 'first' : 'last'} byte`;
  return `${span}; ${connecting}; ${FAILED[failed]}`;
}

/** The meaning, and how finely they are distinguished: `…; in steps of 1 ms`. */
export function describeTimes(times: TimeDefinition): string {
  const { stepUs, stepRatio } = times;
  const coarse = stepRatio === undefined ? '' : `, percentiles within ${showRatio(stepRatio)}`;
  return `${meaningOfTimes(times)}; in steps of ${formatUs(stepUs)}${coarse}`;
}

const EVIDENCE: Readonly<Record<Provenance['evidence'], string>> = {
  samples: 'single requests, from which the percentiles are computed',
  buckets: 'counts by time',
  summary: 'finished figures',
};

export const describeEvidence = ({ evidence }: Provenance): string => EVIDENCE[evidence];

export const toolName = ({ tool, version }: Provenance): string =>
  version === undefined ? tool : `${tool} ${version}`;

/** Of a phase or a step the times of the kind that the tool has. */
export const givenTimesOf = (
  { times }: Provenance,
  { responseTimeUs, serviceTimeUs }: Pick<StepFindings, 'responseTimeUs' | 'serviceTimeUs'>,
): TimesUs => (times.from === 'intended' ? responseTimeUs : serviceTimeUs);

/** Of one result that tool's sentence; of several a clause a phase, warm-up left out. */
export function importedHeadline(phases: readonly ImportedPhase[]): string {
  const [first, ...others] = phases;
  if (first === undefined) return 'Nothing was measured.';
  const counting = phasesThatCount(phases.map(({ phase, from }) => ({ kind: phase.kind, phase, from })));
  const clauses =
    others.length === 0 ? [figuresOf(first)] : counting.map((each) => `${each.phase.name}: ${figuresOf(each)}`);
  const were = others.length === 0 ? 'it was' : 'they were';
  return `${clauses.join('; ')}. There is no verdict: ${were} not measured here.`;
}

function figuresOf({ phase, from }: ImportedPhase): string {
  const { ledger, throughputPerSecond, errorRatio, durationSeconds } = phase;
  const times = givenTimesOf(from, phase);
  const tail = (['p99', 'p95', 'p90', 'mean'] as const).find((name) => isPresent(times[name]));
  const parts = [
    `${from.tool} sent ${counted(ledger.sent, 'request')}`,
    isPresent(durationSeconds) ? ` in ${showSeconds(durationSeconds)}` : '',
    isPresent(throughputPerSecond) ? `: ${showPerSecond(throughputPerSecond)} succeeded` : '',
    tail === undefined ? '' : `, ${tail} ${showUs(times[tail])} from ${FROM[from.times.from]}`,
    isPresent(errorRatio) ? `, ${showRatio(errorRatio)} errors` : '',
  ];
  return parts.join('');
}

/** What speaks against a result, or against reading several together; a sentence that several have stands once. */
export function importedDoubts(phases: readonly ImportedPhase[]): string[] {
  const own = phases.flatMap(({ phase, from }) =>
    [...from.remarks, ...from.cannotSay].map((sentence) => ({ name: phase.name, sentence })),
  );
  if (phases.length < 2) return own.map(({ sentence }) => sentence);
  const bySentence = Map.groupBy(own, ({ sentence }) => sentence);
  const shared = [...bySentence].map(
    ([sentence, all]) =>
      `${listed(
        all.map(({ name }) => name),
        'and',
      )}: ${sentence}`,
  );
  return [...otherTimes(phases), ...overlaps(phases), ...shared];
}

/** Which phases' times mean different things. */
function otherTimes(phases: readonly ImportedPhase[]): string[] {
  const byMeaning = Map.groupBy(phases, ({ from }) => meaningOfTimes(from.times));
  if (byMeaning.size < 2) return [];
  const groups = [...byMeaning].map(
    ([meaning, all]) =>
      `of ${listed(
        all.map(({ phase }) => phase.name),
        'and',
      )} ${meaning}`,
  );
  return [`Times can't be held against each other across these phases: ${groups.join(', but ')}.`];
}

/** Phases that were under load at the same moment, as far as their files say. */
function overlaps(phases: readonly ImportedPhase[]): string[] {
  const spans = phases.flatMap(({ phase: { name }, from: { startedAt, durationSeconds } }) =>
    startedAt === null || durationSeconds === null
      ? []
      : [{ name, fromMs: Date.parse(startedAt), toMs: Date.parse(startedAt) + durationSeconds * 1000 }],
  );
  return spans.flatMap((a, at) =>
    spans.slice(at + 1).flatMap((b) => {
      const seconds = (Math.min(a.toMs, b.toMs) - Math.max(a.fromMs, b.fromMs)) / 1000;
      return seconds < LEAST_OVERLAP_SECONDS
        ? []
        : [
            `${a.name} and ${b.name} ran at the same time for ${showSeconds(seconds)}, so each has the other's load in its figures.`,
          ];
    }),
  );
}

/** Clocks of files differ by some milliseconds, and a last reply may come after the next load has begun. */
const LEAST_OVERLAP_SECONDS = 1;

/** The staging plan's line between an acceptable share of errors and one that is not. */
const ERROR_RATIO = 0.01;

/** Errors mean the same in every tool, near enough to say where they begin; times don't. */
export function importedRecommendations(phases: readonly ImportedPhase[]): Recommendation[] {
  const of = (kind: PhaseFindings['kind']) => phases.find(({ phase }) => phase.kind === kind)?.phase;
  const [calm, stress] = [of('sustained'), of('stress')];
  if (!isPresent(calm?.errorRatio) || !isPresent(stress?.errorRatio)) return [];
  const because = [calm, stress].map(carriedOf).join('; ');
  if (calm.errorRatio > ERROR_RATIO)
    return [{ text: 'Mend what fails under the sustained load before any heavier load is tried.', because }];
  return stress.errorRatio > ERROR_RATIO
    ? [{ text: 'Look for the load at which errors begin: it lies between sustained and stress.', because }]
    : [{ text: 'Raise the load of the stress phase until something breaks: so far no limit was found.', because }];
}

const carriedOf = ({ name, throughputPerSecond, errorRatio }: PhaseFindings): string =>
  `${name} carried ${showPerSecond(throughputPerSecond)} with ${formatRatio(errorRatio ?? Number.NaN)} errors`;

export function importedNextSteps(phases: readonly ImportedPhase[]): string[] {
  const finished = phases.filter(({ from }) => from.evidence === 'summary');
  return [
    ...(finished.length > 0
      ? [`Export single requests from ${toolsOf(finished)} where it can: they allow more (docs/interop.md).`]
      : []),
    'Keep this folder: a comparison reads it like any other run.',
  ];
}
