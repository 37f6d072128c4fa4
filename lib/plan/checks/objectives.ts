import { asList, phasesOf, asRecord, asText, scenariosOf, type Draft, type Placed } from '../draft.ts';
import { requestOf, topStepsOf, withInnerSteps } from '../draft-steps.ts';
import { segmentsOf } from '../load.ts';
import {
  parseAbort,
  parseObjective,
  requestNames,
  secondsToEnd,
  stepsNamed,
  type AbortCondition,
  type ObjectiveLimit,
  type Objective,
  type RequestNames,
} from '../objective.ts';
import { phaseSchema, SPARED } from '../phase.ts';
import { totalUs } from '../../schedule/segment.ts';
import { quote, type Path, type Problem } from '../../document/problems.ts';
import { listed } from '../../units.ts';
import { didYouMean } from '../../document/suggest.ts';
import type { CheckContext } from './check.ts';

/** Objectives that nothing measures, that contradict themselves, or that no phase is judged by. */
export function checkObjectives(draft: Draft, { signalIds }: CheckContext): Problem[] {
  const names = requestsOf(draft);
  const capacity = { path: ['capacity'], value: asRecord(draft['capacity']) };
  const ofRun = linesOf('runObjectives', { path: [], value: draft });
  const all = [{ path: [], value: draft }, capacity, ...phasesOf(draft)].flatMap(written);
  return [
    ...[...all, ...ofRun].flatMap((line) => {
      const objective = parseObjective(line.value);
      if (objective === undefined) return [];
      const reasons = [
        unknownSignal(objective, signalIds),
        narrowedWrongly(objective, names),
        contradiction(objective),
        outOfReach(objective),
      ];
      return refusals(line, reasons);
    }),
    ...neverDropped(draft),
    ...unused(draft),
    ...ofRun.flatMap((line) => refusals(line, [acrossPhases(line.value)])),
    ...unusedOfRun(draft, ofRun),
  ];
}

/** Conditions that end no phase, or name what is measured too late for that. */
export function checkAbort(draft: Draft, context: CheckContext): Problem[] {
  const names = requestsOf(draft);
  const phases = phasesOf(draft);
  return [{ path: [], value: draft }, ...phases].flatMap((place, at) => {
    const lines = conditionsOf(place);
    const watched = at === 0 ? phases.filter(({ value }) => isWatched(value)) : [place];
    const longest = lines.length === 0 ? 0 : longestOf(watched);
    return lines.flatMap((line) => {
      const condition = parseAbort(line.value);
      if (condition === undefined) return [];
      return refusals(line, [
        signalTooLate(condition, context),
        narrowedWrongly(condition, names),
        endless(condition, longest),
      ]);
    });
  });
}

const refusals = ({ path, value }: Placed<string>, reasons: readonly Reason[]): Problem[] =>
  reasons.flatMap((reason) => {
    if (reason === undefined) return [];
    const { text, hint } = typeof reason === 'string' ? { text: reason } : reason;
    return [{ path, text: `${quote(value)} ${text}`, ...(hint && { hint }) }];
  });

type Reason = string | { readonly text: string; readonly hint: () => string } | undefined;

const written = ({ path, value }: Placed<Draft>): Placed<string>[] => linesOf('objectives', { path, value });

const linesOf = (key: 'objectives' | 'runObjectives', { path, value }: Placed<Draft>): Placed<string>[] =>
  asList(value[key]).flatMap((each, i) => {
    const line = asText(each);
    return line === undefined ? [] : [{ path: [...path, key, i], value: line }];
  });

function conditionsOf({ path, value }: Placed<Draft>): Placed<string>[] {
  const { abortOn } = value;
  if (typeof abortOn === 'string') return [{ path: [...path, 'abortOn'], value: abortOn }];
  return asList(abortOn).flatMap((each, i) =>
    typeof each === 'string' ? [{ path: [...path, 'abortOn', i], value: each }] : [],
  );
}

/** The phases that the plan's conditions are for. */
const isWatched = ({ kind, abortOn }: Draft): boolean => abortOn === undefined && !SPARED.some((each) => each === kind);

/** The requests that are sent, by the names that reports give them. */
const requestsOf = (draft: Draft): RequestNames =>
  requestNames(
    scenariosOf(draft)
      .filter(({ value }) => value['weight'] !== 0)
      .flatMap((scenario) =>
        withInnerSteps(topStepsOf(scenario)).flatMap(({ value }) => {
          const request = requestOf(value);
          if (request === undefined) return [];
          const step = asText(value['name']) ?? `${request.method.toUpperCase()} ${request.target}`;
          return [{ scenario: asText(scenario.value['name']) ?? '', step }];
        }),
      ),
  );

function unknownSignal({ metric }: Objective, signalIds: readonly string[]): string | undefined {
  if (metric.of !== 'signal' || signalIds.includes(metric.id)) return undefined;
  const near = didYouMean(metric.id, signalIds);
  return `names no signal${near === '' ? `; there are ${signalIds.join(', ')}` : near}`;
}

const signalTooLate = ({ metric }: AbortCondition, { signalIds }: CheckContext): string | undefined =>
  metric.of === 'signal'
    ? `${signalIds.includes(metric.id) ? 'names a signal' : 'names no metric of requests'}, but only requests can end a phase; write it as an objective with stopOnFail`
    : undefined;

/** More than the longest phase has; what slides is held in memory. */
const LONGEST_WINDOW_SECONDS = 600;

/** What `of` and `over` may not say. */
function narrowedWrongly({ metric }: Pick<Objective, 'metric'>, names: RequestNames): Reason {
  const { of, requests, overSeconds } = metric;
  if (of === 'signal' && overSeconds !== undefined)
    return 'slides over a signal, which is read once in a while; leave out over';
  if (overSeconds !== undefined && !isSpan(overSeconds))
    return 'slides over no whole seconds from 1s to 10m; write over 10s';
  if (requests === undefined) return undefined;
  if (of === 'signal') return 'asks for a signal of some requests; leave out of';
  if (of === 'dropped')
    return 'asks for drops of some requests, but arrivals are dropped before they send any; leave out of';
  const found = stepsNamed(requests, names);
  if (found === 'unclear') return `names a scenario and a step; write of scenario ${requests}, or of step ${requests}`;
  if (found.length > 0) return undefined;
  const known = [...names.step.keys(), ...names.scenario.keys()];
  return { text: 'names no step or scenario that sends anything', hint: () => nearOrAll(requests, known) };
}

const isSpan = (seconds: number): boolean =>
  Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_WINDOW_SECONDS;

const MOST_NAMED = 10;

function nearOrAll(name: string, known: readonly string[]): string {
  const near = didYouMean(name, known);
  if (near !== '') return near;
  const shown = known.slice(0, MOST_NAMED).map(quote);
  return `; there are ${listed(shown, 'and')}${known.length > MOST_NAMED ? ' and more' : ''}`;
}

function endless(condition: AbortCondition, longest: number): string | undefined {
  const { metric, forSeconds } = condition;
  if (forSeconds === undefined && metric.overSeconds === undefined)
    return 'says not for how long; write for 30s at its end';
  if (forSeconds !== undefined && !isSpan(forSeconds)) return 'is for no whole seconds from 1s to 10m; write for 30s';
  const needed = secondsToEnd(condition);
  if (longest > needed) return undefined;
  return `can end no phase, since none that it is for is longer than ${needed} s; shorten its time`;
}

/** Seconds of the longest; one that is written wrongly may be of any length. */
function longestOf(phases: readonly Placed<Draft>[]): number {
  const seconds = phases.map(({ value }) => {
    const parsed = phaseSchema.safeParse(value);
    return parsed.success ? totalUs(segmentsOf(parsed.data)) / 1e6 : Number.POSITIVE_INFINITY;
  });
  return seconds.reduce((longest, each) => Math.max(longest, each), 0);
}

/** An upper bound is missed above it, a lower one below. */
const isUpper = ({ op }: ObjectiveLimit): boolean => op.startsWith('<');

function contradiction({ target, warn, fail }: Objective): string | undefined {
  const turned = [warn, fail].find((limit) => limit !== undefined && isUpper(limit) === isUpper(target));
  if (turned !== undefined) return `warns or fails on the good side; turn ${turned.op} round`;
  const sign = isUpper(target) ? 1 : -1;
  if (fail === undefined) return undefined;
  if (sign * (fail.value - target.value) < 0)
    return 'fails where its target is still met; move the fail limit beyond it';
  if (warn !== undefined && sign * (fail.value - warn.value) < 0)
    return 'never warns, since it fails first; swap the limits';
  return undefined;
}

/** Ratios lie in 0–1, and nothing measured is below 0. */
function outOfReach({ metric, target, fail }: Objective): string | undefined {
  const isRatio = ['errors', 'availability', 'dropped', 'timeouts', 'status'].includes(metric.of);
  const limits = [target, fail].filter((limit) => limit !== undefined);
  if (isRatio && limits.some(({ value }) => value > 1)) return 'is about a share of the whole; 100% is the most';
  const impossible = (target.op === '<' && target.value === 0) || (isRatio && target.op === '>' && target.value === 1);
  return impossible ? `can never be met; write ${target.op}= instead of ${target.op}` : undefined;
}

/** Phases are judged apart, with what was between them left out. */
const acrossPhases = (text: string): Reason =>
  parseObjective(text)?.metric.overSeconds === undefined
    ? undefined
    : 'is of the whole run, over which nothing slides; leave out over, or write it below objectives';

function unusedOfRun(draft: Draft, [first, ...others]: readonly Placed<string>[]): Problem[] {
  if (first === undefined) return [];
  const phases = phasesOf(draft);
  if ('capacity' in draft && !('phases' in draft)) {
    const text = 'judges nothing, since a search has no phases of its own; write objectives instead';
    return [{ path: ['runObjectives'], onKey: true, text }];
  }
  const areClosed = phases.every(({ value }) => 'closed' in value && !('open' in value));
  return areClosed ? [first, ...others].flatMap(neverDroppedBy) : [];
}

/** In a closed model due = started. */
const neverDropped = (draft: Draft): Problem[] =>
  phasesOf(draft)
    .filter(({ value }) => 'closed' in value && !('open' in value))
    .flatMap(written)
    .flatMap(neverDroppedBy);

const neverDroppedBy = ({ path, value }: Placed<string>): Problem[] =>
  parseObjective(value)?.metric.of === 'dropped'
    ? [
        {
          path,
          text: `${quote(value)} can never be judged: virtual users of a closed phase drop nothing; remove it or write open`,
        },
      ]
    : [];

/** The plan's objectives are not for warm-up, which is there to be slow. */
function unused(draft: Draft): Problem[] {
  const phases = phasesOf(draft).filter(({ value }) => value['kind'] !== 'warm-up');
  if (phases.length === 0 || !phases.every(({ value }) => Array.isArray(asRecord(value)['objectives']))) return [];
  return ['profile', 'objectives']
    .filter((key) => key in draft)
    .map((key): { path: Path } => ({ path: [key] }))
    .map(({ path }) => ({
      path,
      onKey: true,
      text: 'judges nothing, since every phase but warm-up has objectives of its own; remove it or theirs',
    }));
}
