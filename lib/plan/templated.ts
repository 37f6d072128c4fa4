import { asRecord, textsBelow, type Draft, type Placed } from './draft.ts';
import { stepsOfPlan } from './draft-steps.ts';
import { stepKinds } from './steps/index.ts';

const textsAt = (step: Placed<Draft>, places: readonly string[]): Placed<string>[] =>
  places.flatMap((place) => textsBelow({ path: [...step.path, place], value: step.value[place] }));

const templatePlaces = stepKinds.flatMap(({ templates }) => templates ?? []);
const literalPlaces = stepKinds.flatMap(({ literals }) => literals ?? []);

export const stepTemplatesOf = (step: Placed<Draft>): Placed<string>[] => textsAt(step, templatePlaces);

/** The plan's own: headers of every request. */
export const planTemplatesOf = (draft: Draft): Placed<string>[] =>
  textsBelow({ path: ['headers'], value: draft['headers'] });

export const templatesOf = (draft: Draft): Placed<string>[] => [
  ...planTemplatesOf(draft),
  ...stepsOfPlan(draft).flatMap(stepTemplatesOf),
];

/** Where a template is easily written and never read. */
export const untemplatedOf = (draft: Draft): Placed<string>[] => [
  ...textsBelow({ path: ['target'], value: draft['target'] }),
  ...textsBelow({ path: ['variables'], value: asRecord(draft['variables']) }),
  ...stepsOfPlan(draft).flatMap((step) => textsAt(step, literalPlaces)),
];
