import { asRecord, keysBelow, scenariosOf, textsBelow, type Draft, type Placed } from '../draft.ts';
import { innerStepLists, stepsOfPlan, topStepsOf } from '../draft-steps.ts';
import type { Problem } from '../../document/problems.ts';
import { didYouMean } from '../../document/suggest.ts';
import { stepKinds } from '../steps/index.ts';
import { parseTemplate, variablesOf } from '../template.ts';
import type { CheckContext } from './check.ts';

/** A text in which templates are filled in; `onKey` where it is a key. */
type Template = Placed<string> & { readonly onKey?: true };

const textsAt = (step: Placed<Draft>, places: readonly string[]): Placed<string>[] =>
  places.flatMap((place) => textsBelow({ path: [...step.path, place], value: step.value[place] }));

const templatePlaces = stepKinds.flatMap(({ templates }) => templates ?? []);
const templateKeyPlaces = stepKinds.flatMap(({ templateKeys }) => templateKeys ?? []);
const literalPlaces = stepKinds.flatMap(({ literals }) => literals ?? []);

const stepTemplatesOf = (step: Placed<Draft>): Template[] => [
  ...textsAt(step, templatePlaces),
  ...templateKeyPlaces
    .flatMap((place) => keysBelow({ path: [...step.path, place], value: step.value[place] }))
    .map((key) => ({ ...key, onKey: true as const })),
];

/** The plan's own: headers of every request. */
const planTemplatesOf = (draft: Draft): Placed<string>[] => textsBelow({ path: ['headers'], value: draft['headers'] });

const templatesOf = (draft: Draft): Template[] => [
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
  parseTemplate(value)
    .pieces.flatMap((piece) => (piece.kind === 'call' && piece.name === '$env' ? piece.args : []))
    .filter((name) => (env[name] ?? '') === '')
    .map((name) => {
      const state = env[name] === undefined ? 'not set' : 'empty';
      return { ...place, text: `the environment variable ${name} is ${state}; set it before the run` };
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

/** Variables that no template can read: not the plan's, no feeder's column, and not captured before. */
export function checkVariables(draft: Draft, { feeders }: CheckContext): Problem[] {
  const declared = Object.keys(asRecord(draft['feeders']));
  const unread = declared.filter((name) => !feeders.some((feeder) => feeder.name === name));
  const columns = feeders.flatMap(({ name, columns: own }) => own.map((column) => `${name}.${column}`));
  const fixed = new Scope(undefined, unread);
  for (const name of [...Object.keys(asRecord(draft['variables'])), ...columns]) fixed.names.add(name);
  return [
    ...planTemplatesOf(draft).flatMap((template) => unknown(template, fixed)),
    ...scenariosOf(draft).flatMap((scenario) => walk(topStepsOf(scenario), new Scope(fixed, unread))),
  ];
}

/** What is known at a place: its own names and those of the lists around it. */
class Scope {
  readonly names = new Set<string>();
  readonly #outer: Scope | undefined;
  readonly #unread: readonly string[];

  /** `unread`: feeders whose file is a problem of its own; their columns pass. */
  constructor(outer: Scope | undefined, unread: readonly string[]) {
    this.#outer = outer;
    this.#unread = unread;
  }

  inner(): Scope {
    return new Scope(this, this.#unread);
  }

  knows(name: string): boolean {
    return this.names.has(name) || (this.#outer?.knows(name) ?? this.#unread.includes(name.split('.')[0] ?? ''));
  }

  all(): string[] {
    return [...this.names, ...(this.#outer?.all() ?? [])];
  }
}

/** Steps one after another, each knowing what those before it captured; leaves in `scope` what is known after the last. */
function walk(steps: readonly Placed<Draft>[], scope: Scope): Problem[] {
  return steps.flatMap((step) => {
    const own = stepTemplatesOf(step).flatMap((template) => unknown(template, scope));
    for (const name of Object.keys(asRecord(step.value['capture']))) scope.names.add(name);
    const lists = innerStepLists(step).map((list) => ({ list, inside: scope.inner() }));
    const below = lists.flatMap(({ list, inside }) => walk(list, inside));
    // A loop runs at least once, so what it captures is known after it; of a choice, only what every list captures.
    const [first, ...others] = lists.map(({ inside }) => inside.names);
    for (const name of first ?? []) if (others.every((other) => other.has(name))) scope.names.add(name);
    return own.concat(below);
  });
}

const unknown = ({ value, ...place }: Template, scope: Scope): Problem[] =>
  variablesOf(parseTemplate(value))
    .filter((name) => !scope.knows(name))
    .map((name) => ({ ...place, text: `${name} is not known here`, hint: () => remedy(name, scope) }));

/** Called when the walk is over: a name that is known by then was captured only in a later step. */
function remedy(name: string, scope: Scope): string {
  if (scope.knows(name)) return '; it is captured only in a later step';
  const near = didYouMean(name, scope.all());
  return near === '' ? '; capture it in a step before, or add it to variables' : near;
}
