import type { Problem } from '../../document/problems.ts';
import { recordsOf, scenariosOf, type Draft, type Placed } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';

/** Weights of which every one is 0: nothing is left to be chosen. */
export const checkWeights = (draft: Draft): Problem[] => [
  ...allZero(['scenarios'], scenariosOf(draft)),
  ...stepsOfPlan(draft).flatMap((step) => allZero([...step.path, 'choose'], recordsOf(step, 'choose'))),
];

const allZero = (path: Problem['path'], weighted: readonly Placed<Draft>[]): Problem[] =>
  weighted.length > 0 && weighted.every(({ value }) => value['weight'] === 0)
    ? [{ path, text: 'are all of weight 0, so none is ever chosen; give one of them a weight' }]
    : [];
