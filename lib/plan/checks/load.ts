import { parseDurationUs } from '../../units.ts';
import { asRecord, phasesOf, scenariosOf, textsBelow, type Draft, type Placed } from '../draft.ts';
import { innerStepLists, onceSteps, requestOf, stepsOfPlan, topStepsOf, withInnerSteps } from '../draft-steps.ts';
import { ONCE_KEYS } from '../draft-steps.ts';
import { problemIf, quote, type Problem } from '../../document/problems.ts';
import { shapesOf } from '../load.ts';
import { http } from '../steps/http.ts';
import { kindsOf } from '../steps/index.ts';

/** Phases that last no time, and plans that ask for no load. */
export function checkLoad(draft: Draft): Problem[] {
  const phases = phasesOf(draft);
  const idle = phases.length > 0 && phases.every(({ value }) => peakOf(value) === 0);
  return [
    ...phases.flatMap(lastsNoTime),
    ...phases.flatMap(noPace),
    ...(idle
      ? [{ path: ['phases'], text: 'no phase carries any load; raise a rate or a number of users above 0' }]
      : []),
  ];
}

function lastsNoTime({ path, value }: Placed<Draft>): Problem[] {
  const { duration } = value;
  if (typeof duration === 'string')
    return isZero(duration)
      ? [{ path: [...path, 'duration'], text: `${quote(duration)} is no time; write 30s, say` }]
      : [];
  return shapesOf(value).flatMap(({ shape: { ownTime }, input }) => {
    if (ownTime === undefined) return [];
    const texts = textsBelow({ path, value: input });
    return texts.length > 0 && texts.every((each) => isZero(each.value))
      ? [{ path, text: `lasts no time; ${ownTime}` }]
      : [];
  });
}

function noPace({ path, value }: Placed<Draft>): Problem[] {
  const { pacing } = asRecord(value['closed']);
  return problemIf(
    typeof pacing === 'string' && isZero(pacing),
    [...path, 'closed', 'pacing'],
    `${quote(pacing)} is no pace; write 2s, say, or leave it out`,
  );
}

const isZero = (text: string): boolean => parseDurationUs(text) === 0;

/** The highest level that a phase names; undefined where it names none that could be read. */
function peakOf(phase: Draft): number | undefined {
  const levels = numbersBelow(shapesOf(phase).map(({ input }) => input));
  return levels.length === 0 ? undefined : levels.reduce((peak, level) => Math.max(peak, level));
}

/** Levels are the only numbers that a shape is written with: times are texts. */
const numbersBelow = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return (Array.isArray(value) ? value : Object.values(asRecord(value))).flatMap(numbersBelow);
};

/** Longer journeys are a slip: at 1 ms a request this one takes a quarter of an hour, and a phase ends it first. */
const MOST_REQUESTS = 1_000_000;

/** Scenarios that send nothing, or that never end. */
export function checkJourneys(draft: Draft): Problem[] {
  return scenariosOf(draft).flatMap((scenario) => {
    const steps = topStepsOf(scenario);
    const requests = steps.reduce((sum, step) => sum + requestsOf(step), 0);
    const path = [...scenario.path, 'steps'];
    if (requests === 0 && steps.length > 0 && !steps.some(isUnclear))
      return [{ path, text: 'sends no request; add one, such as get: /' }];
    return tooManyRequests(path, requests);
  });
}

/** What runs once, and never ends. */
export const checkOnce = (draft: Draft): Problem[] =>
  ONCE_KEYS.flatMap((key) =>
    tooManyRequests(
      [key],
      onceSteps(draft, key).reduce((sum, step) => sum + requestsOf(step), 0),
    ),
  );

const tooManyRequests = (path: Problem['path'], requests: number): Problem[] =>
  problemIf(
    requests > MOST_REQUESTS,
    path,
    `is a journey of ${requests} requests; ${MOST_REQUESTS} are the most, so loop fewer times`,
  );

/** Only a reply can change a condition. */
export const checkTurns = (draft: Draft): Problem[] =>
  stepsOfPlan(draft)
    .filter(({ value }) => 'while' in value)
    .map((step) => ({ path: [...step.path, 'steps'], inner: innerStepLists(step).flat() }))
    .filter(({ inner }) => inner.length > 0 && inner.every((step) => requestsOf(step) === 0))
    .filter(({ inner }) => !withInnerSteps(inner).some(isUnclear))
    .map(({ path }) => ({
      path,
      text: 'send no request, so the condition stays as it is; add one, or write if',
    }));

/** The most requests that one run of `step` may send. */
function requestsOf(step: Placed<Draft>): number {
  if (requestOf(step.value) !== undefined) return 1;
  const times = kindsOf(step.value).reduce(
    (product, { inner }) => product * Number(inner?.times?.(step.value) ?? 1),
    1,
  );
  const lists = innerStepLists(step).map((inner) => inner.reduce((sum, each) => sum + requestsOf(each), 0));
  return Math.max(0, ...lists) * (Number.isFinite(times) ? Math.max(1, times) : 1);
}

/** A step that the schema complains about may have been meant as a request. */
const isUnclear = (step: Placed<Draft>): boolean =>
  requestOf(step.value) === undefined && kindsOf(step.value).every((kind) => kind === http);
