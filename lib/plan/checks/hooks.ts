import { quote, type Problem } from '../../document/problems.ts';
import { parseCondition } from '../condition.ts';
import { asRecord, type Draft } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import { functionsIn, parseTemplate } from '../template.ts';
import { conditionTexts } from './conditions.ts';
import { templatesOf } from './templates.ts';

const STEP_KEYS = ['call', 'beforeRequest', 'afterResponse'];

/** Functions that no module can have, since the plan names none. */
export function checkHooks(draft: Draft): Problem[] {
  if (asRecord(draft)['hooks'] !== undefined) return [];
  const text = 'calls a function of the plan, which names no module; add hooks: { file: hooks.ts }';
  const steps = stepsOfPlan(draft);
  return [
    ...steps.flatMap(({ path, value }) =>
      STEP_KEYS.filter((key) => key in value).map((key) => ({ path: [...path, key], text, onKey: true })),
    ),
    ...steps.flatMap(conditionTexts).flatMap(({ path, value }) => {
      const condition = parseCondition(value);
      return 'is' in condition && condition.is === 'function' ? [{ path, text: `${quote(value)} ${text}` }] : [];
    }),
    ...templatesOf(draft).flatMap(({ value, ...place }) =>
      functionsIn(parseTemplate(value)).map(({ name }) => ({ ...place, text: `{{ ${name}() }} ${text}` })),
    ),
  ];
}
