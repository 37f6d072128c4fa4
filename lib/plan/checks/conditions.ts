import { parseCondition } from '../condition.ts';
import { asText, type Draft, type Placed } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import { quote, type Problem } from '../../document/problems.ts';
import { stepKinds } from '../steps/index.ts';

const conditionPlaces = stepKinds.flatMap(({ conditions }) => conditions ?? []);

/** The texts of a step that are conditions. */
export const conditionTexts = ({ path, value }: Placed<Draft>): Placed<string>[] =>
  conditionPlaces.flatMap((key) => {
    const text = asText(value[key]);
    return text === undefined ? [] : [{ path: [...path, key], value: text }];
  });

/** Conditions that say nothing. */
export const checkConditions = (draft: Draft): Problem[] =>
  stepsOfPlan(draft)
    .flatMap(conditionTexts)
    .flatMap(({ path, value }) => {
      const condition = parseCondition(value);
      if ('is' in condition || value === '') return [];
      return [{ path, text: `${quote(value)} is no condition; at character ${condition.at}: ${condition.reason}` }];
    });
