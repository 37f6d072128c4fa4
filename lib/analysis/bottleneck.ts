import type { BottleneckId, SignalSeries } from '../signals/signal.ts';
import { readingsWithin } from '../signals/series/series.ts';
import { formatNumber, formatRatio, listed } from '../units.ts';
import type { AnalysedRun } from './analysed-run.ts';
import { concentrationOf, type Concentration } from './diagnosis/concentration.ts';
import { diagnosis, type Confidence, type Diagnosis, type RankedCause } from './diagnosis/diagnose.ts';
import { troubleMoments, type Moments, type Span } from './diagnosis/moments.ts';
import { phasesThatCount } from './verdict.ts';

export interface Bottleneck {
  readonly id: BottleneckId;
  /** The id of the signal that convinces most; absent where there is none. */
  readonly signal?: string;
  /** Where few steps went wrong and the others were served: those, the worst first. */
  readonly steps?: readonly string[];
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly remedy: string;
}

/** More lines than these are a list of everything, and no evidence. */
const evidenceOf = (lines: readonly string[]): readonly string[] => lines.slice(0, 5);

/**
 * What gave way first: the likeliest cause of the diagnosis; `none` where all held; undefined where nothing is known of it. `found` is what the
 * diagnosis said, where it was asked already.
 */
export function bottleneck(run: AnalysedRun, found = diagnosis(run)): Bottleneck | undefined {
  const moments = found && troubleMoments(run);
  if (found === undefined || moments === undefined) return noBottleneck(run);
  const [first] = found.causes;
  const isFull = isMachineFull(run.series, moments.trouble);
  // On a full machine that the generator shares, times say little of the service; failures do.
  const guess = isFull && first?.supporting.every(({ ofTimes }) => ofTimes === true) === true;
  const named =
    first === undefined || guess || first.undecidedBy.length > 0
      ? unexplained(found, run.series, moments)
      : nameOf(first);
  const few = moments.broken ? concentrationOf(run.plan, moments.outcome, moments.missed) : undefined;
  return few === undefined ? named : atSteps(named, few);
}

function nameOf({ id, confidence, supporting, remedy }: RankedCause): Bottleneck {
  const signal = supporting.find((each) => each.signal !== undefined)?.signal;
  const evidence = evidenceOf(supporting.map(({ text }) => text));
  return { id, ...(signal !== undefined && { signal }), confidence, evidence, remedy };
}

const FULL_MACHINE = 0.95;

function isMachineFull(series: readonly SignalSeries[], { fromSeconds, toSeconds }: Span): boolean {
  const host = series.find(({ id }) => id === 'host.cpu');
  const machine = readingsWithin(host, fromSeconds, toSeconds);
  return machine.length > 0 && machine.filter((ratio) => ratio > FULL_MACHINE).length > machine.length / 2;
}

/** The use of a machine that several share says that something took its cores, and not what; and nothing, where they were taken before as well. */
function unexplained(
  { wanted, causes: [first] }: Diagnosis,
  series: readonly SignalSeries[],
  { trouble, calm }: Moments,
): Bottleneck {
  const { fromSeconds } = trouble;
  const isFull = isMachineFull(series, trouble) && !(calm !== undefined && isMachineFull(series, calm));
  const nothing = series.length === 0 ? 'no signal was measured' : 'no signal that was read explains it';
  const likeliest =
    first === undefined ? nothing : `the likeliest is ${first.id}, which may follow from what was not read`;
  const would = [...new Set([...(first?.undecidedBy ?? []), ...wanted])];
  const lacking = would.length === 0 ? [] : [`not read, and would decide: ${would.slice(0, 6).join(', ')}`];
  const full = `the machine, which generator and target share, was full from ${fromSeconds.toFixed(0)} s on`;
  return {
    id: 'unknown',
    ...(isFull && { signal: 'host.cpu' }),
    confidence: 'low',
    evidence: [isFull ? full : likeliest, ...lacking],
    remedy: isFull ? SHARED_MACHINE : UNKNOWN,
  };
}

/** What is taken later than this, and is more than a cache that fills and a share of what there is, may go on. */
const SETTLED = { after: 0.6, bytes: 10e6, share: 0.05 } as const;

/** Whether memory was read, and has stopped growing. */
function isSettled(memory: SignalSeries['points']): boolean {
  const [late, last] = [memory[Math.floor(memory.length * SETTLED.after)], memory.at(-1)];
  if (late === undefined || last === undefined) return false;
  return last[1] - late[1] <= Math.max(SETTLED.bytes, SETTLED.share * last[1]);
}

/** `none` only where the whole plan was run, judged, and held; sure only where memory was read and has settled: a leak hurts later. */
function noBottleneck({ phases, interrupted, series }: AnalysedRun): Bottleneck | undefined {
  const counted = phasesThatCount(phases);
  const judged = counted.filter(({ objectives }) => objectives.length > 0);
  const held = counted.every(({ verdict }) => verdict === 'pass' || verdict === 'warn');
  if (interrupted || judged.length === 0 || !held) return undefined;
  const evidence = ['no objective was missed for three seconds on end'];
  const memory = series.find(({ id }) => id === 'service.resident-memory')?.points ?? [];
  const confidence = isSettled(memory) ? 'high' : 'medium';
  return { id: 'none', confidence, evidence, remedy: NONE };
}

/** The steps at which it went wrong stand before all else: whatever the resource, that is where to begin. */
function atSteps(found: Bottleneck, { steps, others }: Concentration): Bottleneck {
  const names = steps.map(({ name }) => name);
  const shown = steps.map(({ name, bad, ended }) => `${name} (${formatNumber(bad)} of ${formatNumber(ended)})`);
  const rest = `of all other requests ${formatRatio(others.bad / others.ended)} were`;
  const evidence = `slow or failed were ${listed(shown, 'and')}; ${rest}`;
  return {
    ...found,
    steps: names,
    evidence: evidenceOf([evidence, ...found.evidence]),
    remedy: `Begin with ${listed(names, 'and')}, which alone ${names.length === 1 ? 'is slow or fails' : 'are slow or fail'}. ${found.remedy}`,
  };
}

const SHARED_MACHINE =
  'See which process takes the cores, and give the generator another machine: what still fills this one is then the service.';
const UNKNOWN =
  'Look at the slowest steps, and give the plan the signals that are missing (metrics of the service, database, cache), so that the next run can name what gives way.';
const NONE = 'Nothing gave way: raise the load of the stress phase until something does.';
