import { asRecord, scenariosOf, type Draft, type Placed } from '../draft.ts';
import { innerStepLists, topStepsOf } from '../draft-steps.ts';
import type { Problem } from '../../document/problems.ts';
import { didYouMean } from '../../document/suggest.ts';
import { parseTemplate, variablesOf } from '../template.ts';
import { planTemplatesOf, stepTemplatesOf } from '../templated.ts';
import type { CheckContext } from './check.ts';

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

const unknown = ({ path, value }: Placed<string>, scope: Scope): Problem[] =>
  variablesOf(parseTemplate(value))
    .filter((name) => !scope.knows(name))
    .map((name) => ({ path, text: `${name} is not known here`, hint: () => remedy(name, scope) }));

/** Looked for when the walk is over: what is known by now was captured too late. */
function remedy(name: string, scope: Scope): string {
  if (scope.knows(name)) return '; it is captured only in a later step';
  const near = didYouMean(name, scope.all());
  return near === '' ? '; capture it in a step before, or add it to variables' : near;
}
