import type { Problem } from '../../document/problems.ts';
import { entriesOf, type Draft } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import type { CheckContext } from './check.ts';

/** YAML reads a key with nothing behind it as null, and who means that writes it. */
export function checkEmpty(draft: Draft, { writtenAt }: CheckContext): Problem[] {
  const values = [
    ...entriesOf({ path: [], value: draft }, 'variables'),
    ...stepsOfPlan(draft).flatMap((step) => entriesOf(step, 'expect', 'body', 'json')),
  ];
  return values
    .filter(({ path, value }) => value === null && writtenAt?.(path) === '')
    .map(({ path }) => ({ path, text: 'is empty; write null, or "" for an empty text' }));
}
