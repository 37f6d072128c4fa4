import { isJsonNumber } from '../../document/exact-json.ts';
import type { Problem } from '../../document/problems.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import { textsBelow, type Draft } from '../draft.ts';
import { parseTemplate } from '../template.ts';
import { sentValuesOf, type SentValue, type WrittenAt } from '../written.ts';
import type { CheckContext } from './check.ts';

/** Numbers that can't be sent as they were written. */
export function checkNumbers(draft: Draft, { writtenAt }: CheckContext): Problem[] {
  const numbers = sentValuesOf(draft).filter(({ value }) => typeof value === 'number');
  if (writtenAt === undefined) return numbers.flatMap(beyondDoubles);
  const noJson = numbers.flatMap((sent) => notJson(sent, writtenAt));
  const variables = new Map(
    noJson.flatMap(({ sent: { path }, written }) => (path[0] === 'variables' ? [[String(path[1]), written]] : [])),
  );
  return [
    ...noJson.flatMap(({ sent: { path, value }, written }) =>
      path[0] === 'variables'
        ? []
        : [{ path, text: `${written} is no JSON number; write ${value}, or "${written}" in quotes to send a text` }],
    ),
    ...(variables.size === 0 ? [] : usedAsJson(draft, variables)),
  ];
}

/** From TypeScript: the digits were lost before the plan came here. */
const beyondDoubles = ({ path, value }: SentValue): Problem[] =>
  Number.isInteger(value) && !Number.isSafeInteger(value)
    ? [{ path, text: `${value} has more digits than a number holds; give it as a text` }]
    : [];

const notJson = (sent: SentValue, writtenAt: WrittenAt): { sent: SentValue; written: string }[] => {
  const written = sent.place === 'json' && Number.isFinite(sent.value) ? writtenAt(sent.path) : undefined;
  return written === undefined || isJsonNumber(written) ? [] : [{ sent, written }];
};

/** A variable that is the whole of a JSON value keeps its type, which here would be none. */
function usedAsJson(draft: Draft, variables: ReadonlyMap<string, string>): Problem[] {
  const texts = stepsOfPlan(draft).flatMap(({ path, value }) =>
    textsBelow({ path: [...path, 'json'], value: value['json'] }),
  );
  return texts.flatMap(({ path, value }) => {
    const { pieces } = parseTemplate(value);
    const [only] = pieces;
    if (pieces.length !== 1 || only?.kind !== 'variable') return [];
    const written = variables.get(only.name);
    if (written === undefined) return [];
    const text = `${only.name} is ${written}, which is no JSON number; put it in quotes among the variables to send a text`;
    return [{ path, text }];
  });
}
