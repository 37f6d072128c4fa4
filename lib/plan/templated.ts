import { record, textsBelow, type Draft, type Found } from './draft.ts';
import { stepsOfPlan } from './draft-steps.ts';
import { stepKinds } from './steps/index.ts';

const textsAt = (step: Found<Draft>, places: readonly string[]): Found<string>[] =>
  places.flatMap((place) => textsBelow({ path: [...step.path, place], value: step.value[place] }));

const templatePlaces = stepKinds.flatMap(({ templates }) => templates ?? []);
const literalPlaces = stepKinds.flatMap(({ literals }) => literals ?? []);

export const stepTemplatesOf = (step: Found<Draft>): Found<string>[] => textsAt(step, templatePlaces);

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
  ...stepsOfPlan(draft).flatMap((step) => textsAt(step, literalPlaces)),
];
