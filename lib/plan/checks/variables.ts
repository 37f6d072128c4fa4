import { namesIn, parseCondition } from '../condition.ts';
import { asRecord, asText, scenariosOf, type Draft, type Placed } from '../draft.ts';
import { innerStepLists, onceSteps, topStepsOf, withInnerSteps } from '../draft-steps.ts';
import { ONCE_KEYS } from '../draft-steps.ts';
import type { Problem } from '../../document/problems.ts';
import { didYouMean } from '../../document/suggest.ts';
import { isReference, referenceOf } from '../name.ts';
import { kindsOf } from '../steps/index.ts';
import { parseTemplate, variablesOf } from '../template.ts';
import type { CheckContext } from './check.ts';
import { conditionTexts } from './conditions.ts';
import { planTemplatesOf, stepTemplatesOf, type Template } from './templates.ts';

/** Variables that no template can read: not the plan's, no feeder's column, and not captured before. */
export function checkVariables(draft: Draft, { feeders }: CheckContext): Problem[] {
  const declared = Object.keys(asRecord(draft['feeders']));
  const unread = declared.filter((name) => !feeders.some((feeder) => feeder.name === name));
  const columns = feeders.flatMap(({ name, columns: own }) => own.map((column) => `${name}.${column}`));
  const variables = new Scope(undefined, []);
  for (const name of Object.keys(asRecord(draft['variables']))) variables.names.add(name);
  for (const name of setByHooks(draft)) variables.names.add(name);
  const [setup, ...later] = ONCE_KEYS.map((key) => onceSteps(draft, key));
  // No user of a feeder's rows is there yet.
  const once = new Scope(variables, []);
  const beside = [
    ...walk(setup ?? [], once, everIn(setup ?? [])),
    ...later.flatMap((steps) => walk(steps, new Scope(once, []), everIn(steps))),
  ];
  const fixed = new Scope(once, unread);
  for (const name of columns) fixed.names.add(name);
  return [
    ...beside,
    ...planTemplatesOf(draft).flatMap((template) => unknown(template, fixed)),
    ...scenariosOf(draft).flatMap((scenario) => {
      const steps = topStepsOf(scenario);
      return walk(steps, new Scope(fixed, unread), everIn(steps));
    }),
  ];
}

/** Variables that functions of the plan set. */
function setByHooks(draft: Draft): string[] {
  const { sets } = asRecord(draft['hooks']);
  return Array.isArray(sets) ? sets.filter((name) => typeof name === 'string') : Object.keys(asRecord(sets));
}

/** What is captured anywhere in the steps. */
const everIn = (steps: readonly Placed<Draft>[]): ReadonlySet<string> =>
  new Set(withInnerSteps(steps).flatMap(capturedIn));

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

  /** `own`: names that have a value there, and not after it. */
  inner(own: readonly string[]): Scope {
    const around = new Scope(this, this.#unread);
    for (const name of own) around.names.add(name);
    return new Scope(around, this.#unread);
  }

  knows(name: string): boolean {
    return this.names.has(name) || this.#unread.includes(name.split('.')[0] ?? '') || this.#outer?.knows(name) === true;
  }

  /** A value inside one that is known may be there or not. */
  reaches(name: string): boolean {
    return this.knows(name) || this.knows(referenceOf(name).root);
  }

  /** A feeder's column, where the feeder's name is that of a value as well. */
  isAmbiguous(name: string): boolean {
    const { root } = referenceOf(name);
    return root !== name && this.#holds(name) && this.#holds(root);
  }

  #holds(name: string): boolean {
    return this.names.has(name) || (this.#outer !== undefined && this.#outer.#holds(name));
  }

  all(): string[] {
    return [...this.names, ...(this.#outer?.all() ?? [])];
  }
}

const capturedIn = (step: Placed<Draft>): string[] => Object.keys(asRecord(step.value['capture']));

/** Steps one after another, each knowing what those before it captured; leaves in `scope` what is known after the last. */
function walk(steps: readonly Placed<Draft>[], scope: Scope, ever: ReadonlySet<string>): Problem[] {
  return steps.flatMap((step) => {
    const own = [
      ...stepTemplatesOf(step).flatMap((template) => unknown(template, scope)),
      ...unknownLists(step, scope),
      ...conditionTexts(step).flatMap((condition) => unknownInCondition(condition, scope, ever)),
    ];
    for (const name of capturedIn(step)) scope.names.add(name);
    const lists = innerStepLists(step).map((list) => ({ list, inside: scope.inner(namesInside(step)) }));
    const below = lists.flatMap(({ list, inside }) => walk(list, inside, ever));
    for (const name of knownAfter(
      step,
      lists.map(({ inside }) => inside.names),
    ))
      scope.names.add(name);
    return own.concat(below);
  });
}

const namesInside = ({ value }: Placed<Draft>): string[] =>
  kindsOf(value).flatMap(({ inner }) => inner?.names?.(value) ?? []);

const unknownLists = ({ path, value }: Placed<Draft>, scope: Scope): Problem[] =>
  kindsOf(value).flatMap(({ lists = [] }) => {
    const name = asText(lists.reduce<unknown>((found, key) => asRecord(found)[key], value));
    return name === undefined || !isReference(name) ? [] : notOne(name, { path: [...path, ...lists] }, scope);
  });

/** A loop runs at least once, so what it captures is known after it; of a choice, only what every list captures. */
function knownAfter({ value }: Placed<Draft>, lists: readonly ReadonlySet<string>[]): string[] {
  const mayBeSkipped = kindsOf(value).some(({ inner }) => inner?.mayBeSkipped === true);
  const captured = lists.flatMap((names) => [...names]);
  return mayBeSkipped ? captured : captured.filter((name) => lists.every((names) => names.has(name)));
}

/** What is only captured in a later step may be asked for with `defined(…)`: an iteration before may have captured it. */
function unknownInCondition({ value, path }: Placed<string>, scope: Scope, ever: ReadonlySet<string>): Problem[] {
  const condition = parseCondition(value);
  if (!('is' in condition)) return [];
  return namesIn(condition)
    .filter(({ name, mayLack }) => scope.reaches(name) || !(mayLack && ever.has(name)))
    .flatMap(({ name }) => notOne(name, { path }, scope));
}

const unknown = ({ value, ...place }: Template, scope: Scope): Problem[] =>
  variablesOf(parseTemplate(value)).flatMap((name) => notOne(name, place, scope));

/** A name that stands for nothing, or for two things. */
function notOne(name: string, place: Omit<Template, 'value'>, scope: Scope): Problem[] {
  if (!scope.reaches(name)) return [unknownName(name, place, scope)];
  const { root } = referenceOf(name);
  const text = `${name} is a column of the feeder ${root}, and may be a value in the variable ${root}; rename one of them`;
  return scope.isAmbiguous(name) ? [{ ...place, text }] : [];
}

const unknownName = (name: string, place: Omit<Template, 'value'>, scope: Scope): Problem => ({
  ...place,
  text: `${name} is not known here`,
  hint: () => remedy(name, scope),
});

/** Called when the walk is over: a name that is known by then was captured only in a later step. */
function remedy(name: string, scope: Scope): string {
  if (scope.knows(name)) return '; it is captured only in a later step';
  const near = didYouMean(name, scope.all());
  return near === '' ? '; capture it in a step before, or add it to variables' : near;
}
