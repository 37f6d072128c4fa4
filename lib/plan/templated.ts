import { record, stepsOfPlan, textsBelow, type Draft, type Found } from './draft.ts';
import { methods } from './steps/http.ts';

/** The places of a step in which templates are read. */
const STEP_PLACES = [...methods, 'headers', 'query', 'json', 'form', 'body'] as const;

export const stepTemplatesOf = (step: Found<Draft>): Found<string>[] =>
  STEP_PLACES.flatMap((place) => textsBelow({ path: [...step.path, place], value: step.value[place] }));

/** The plan's own: headers of every request. */
export const planTemplatesOf = (draft: Draft): Found<string>[] =>
  textsBelow({ path: ['headers'], value: draft['headers'] });

export const templatesOf = (draft: Draft): Found<string>[] => [
  ...planTemplatesOf(draft),
  ...stepsOfPlan(draft).flatMap(stepTemplatesOf),
];

/** Where a template is easily written and never read. */
export const untemplatedOf = (draft: Draft): Found<string>[] => [
  ...textsBelow({ path: ['target'], value: draft['target'] }),
  ...textsBelow({ path: ['variables'], value: record(draft['variables']) }),
  ...stepsOfPlan(draft).flatMap((step) =>
    ['name', 'capture', 'expect'].flatMap((place) =>
      textsBelow({ path: [...step.path, place], value: step.value[place] }),
    ),
  ),
];
