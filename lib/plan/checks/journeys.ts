import { scenariosOf, type Draft, type Placed } from '../draft.ts';
import { innerStepLists, requestOf, topStepsOf } from '../draft-steps.ts';
import { http } from '../steps/http.ts';
import { kindsOf } from '../steps/index.ts';
import type { Problem } from '../../document/problems.ts';

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
    if (requests <= MOST_REQUESTS) return [];
    return [{ path, text: `is a journey of ${requests} requests; ${MOST_REQUESTS} are the most, so loop fewer times` }];
  });
}

/** The most requests that one run of `step` may send. */
function requestsOf(step: Placed<Draft>): number {
  if (requestOf(step.value) !== undefined) return 1;
  const times = kindsOf(step.value).reduce(
    (product, { inner }) => product * Number(inner?.times?.(step.value) ?? 1),
    1,
  );
  const lists = innerStepLists(step).map((inner) => inner.reduce((sum, each) => sum + requestsOf(each), 0));
  return Math.max(0, ...lists) * (Number.isFinite(times) ? times : 1);
}

/** A step that the schema complains about may have been meant as a request. */
const isUnclear = (step: Placed<Draft>): boolean =>
  requestOf(step.value) === undefined && kindsOf(step.value).every((kind) => kind === http);
