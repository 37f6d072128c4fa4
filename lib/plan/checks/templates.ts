import { asRecord, keysBelow, textsBelow, type Draft, type Placed } from '../draft.ts';
import { stepsOfPlan } from '../draft-steps.ts';
import type { Problem } from '../../document/problems.ts';
import { stepKinds } from '../steps/index.ts';
import { allPieces, parseTemplate } from '../template.ts';
import type { CheckContext } from './check.ts';

/** A text in which templates are filled in; `onKey` where it is a key. */
export type Template = Placed<string> & { readonly onKey?: true };

const textsAt = (step: Placed<Draft>, places: readonly string[]): Placed<string>[] =>
  places.flatMap((place) => textsBelow({ path: [...step.path, place], value: step.value[place] }));

const templatePlaces = stepKinds.flatMap(({ templates }) => templates ?? []);
const templateKeyPlaces = stepKinds.flatMap(({ templateKeys }) => templateKeys ?? []);
const literalPlaces = stepKinds.flatMap(({ literals }) => literals ?? []);

export const stepTemplatesOf = (step: Placed<Draft>): Template[] => [
  ...textsAt(step, templatePlaces),
  ...templateKeyPlaces
    .flatMap((place) => keysBelow({ path: [...step.path, place], value: step.value[place] }))
    .map((key) => ({ ...key, onKey: true as const })),
];

/** The plan's own: headers of every request. */
export const planTemplatesOf = (draft: Draft): Placed<string>[] =>
  textsBelow({ path: ['headers'], value: draft['headers'] });

export const templatesOf = (draft: Draft): Template[] => [
  ...planTemplatesOf(draft),
  ...stepsOfPlan(draft).flatMap(stepTemplatesOf),
];

/** Texts in which templates are not read, though one is easily written there. */
const untemplatedOf = (draft: Draft): Placed<string>[] => [
  ...textsBelow({ path: ['target'], value: draft['target'] }),
  ...textsBelow({ path: ['signals'], value: draft['signals'] }),
  ...textsBelow({ path: ['variables'], value: asRecord(draft['variables']) }),
  ...stepsOfPlan(draft).flatMap((step) => textsAt(step, literalPlaces)),
];

/** Templates that say nothing, that need an environment variable that is not set, or that stand where none is read. */
export const checkTemplates = (draft: Draft, { env }: CheckContext): Problem[] => [
  ...templatesOf(draft).flatMap(malformed),
  ...templatesOf(draft).flatMap((template) => unsetEnvironment(template, env)),
  ...stepsOfPlan(draft).flatMap(partlyRawJson),
  ...untemplatedOf(draft)
    .filter(({ value }) => value.includes('{{'))
    .map(({ path }) => ({ path, text: 'templates are not read here; write it where the value is used' })),
];

function malformed({ value, ...place }: Template): Problem[] {
  if (!value.isWellFormed()) return [{ ...place, text: 'holds half of a surrogate pair, which is no character' }];
  return parseTemplate(value).problems.map(({ expression, reason }) => ({ ...place, text: `${expression} ${reason}` }));
}

const unsetEnvironment = ({ value, ...place }: Template, env: CheckContext['env']): Problem[] =>
  allPieces(parseTemplate(value).pieces)
    .flatMap((piece) => (piece.kind === 'call' && piece.name === '$env' ? piece.args : []))
    .filter((name) => (env[name] ?? '') === '')
    .map((name) => {
      const state = env[name] === undefined ? 'not set' : 'empty';
      return {
        ...place,
        isOfEnvironment: true,
        text: `the environment variable ${name} is ${state}; set it before the run`,
      };
    });

const isRaw = ({ value }: Placed<string>): boolean =>
  parseTemplate(value).pieces.some((piece) => piece.kind !== 'text' && piece.raw === true);

/** What is raw in a JSON body is JSON itself, so it can't be a part of a text or a key. */
function partlyRawJson(step: Placed<Draft>): Problem[] {
  const json = { path: [...step.path, 'json'], value: step.value['json'] };
  const text = 'holds | raw, which in a JSON body must be the whole of a value';
  const keys = keysBelow(json).filter(isRaw);
  const texts = textsBelow(json).filter((each) => isRaw(each) && parseTemplate(each.value).pieces.length > 1);
  return [...keys.map(({ path }) => ({ path, text, onKey: true })), ...texts.map(({ path }) => ({ path, text }))];
}
