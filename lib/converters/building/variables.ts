import { namesIn, parseCondition } from '../../plan/condition.ts';
import { asRecord, type Draft, type Placed } from '../../plan/draft.ts';
import { innerStepLists } from '../../plan/draft-steps.ts';
import { conditionTexts } from '../../plan/checks/conditions.ts';
import { stepTemplatesOf } from '../../plan/checks/templates.ts';
import type { PlanInput } from '../../plan/schema.ts';
import { parseTemplate, variablesOf } from '../../plan/template.ts';

/**
 * Names that steps read before anything has captured them, and that the plan has no variable for. What is captured in one of several
 * choices may be lacking after them; what is captured in a loop or under a condition is not.
 */
export function unknownNames({ headers, variables, feeders, setup, teardown, scenarios }: PlanInput): string[] {
  const known = new Set(Object.keys(variables ?? {}));
  const unknown = new Set<string>();
  const readIn = (texts: readonly string[], scope: ReadonlySet<string>): void => {
    for (const name of texts.flatMap((text) => variablesOf(parseTemplate(text))))
      if (!scope.has(name) && !Object.hasOwn(feeders ?? {}, name.split('.')[0] ?? '')) unknown.add(name);
  };
  const walk = (steps: readonly unknown[], scope: Set<string>): void => {
    for (const value of steps.map(asRecord)) {
      const step: Placed<Draft> = { path: [], value };
      readIn(
        stepTemplatesOf(step).map((template) => template.value),
        scope,
      );
      for (const name of asked(step)) if (!scope.has(name)) unknown.add(name);
      for (const name of Object.keys(asRecord(value['capture']))) scope.add(name);
      const loop = asRecord(value['loop']);
      if (typeof loop['over'] === 'string' && !scope.has(loop['over'])) unknown.add(loop['over']);
      for (const inner of innerStepLists(step)) {
        const inside = new Set([...scope, ...(typeof loop['as'] === 'string' ? [loop['as']] : [])]);
        walk(
          inner.map((each) => each.value),
          inside,
        );
        if (!('choose' in value)) for (const name of inside) if (name !== loop['as']) scope.add(name);
      }
    }
  };
  walk(setup ?? [], known);
  readIn(Object.values(headers ?? {}).map(String), known);
  walk(teardown ?? [], new Set(known));
  for (const { onStart = [], steps } of scenarios) walk([...onStart, ...steps], new Set(known));
  return [...unknown];
}

const asked = (step: Placed<Draft>): string[] =>
  conditionTexts(step).flatMap(({ value }) => {
    const condition = parseCondition(value);
    return 'is' in condition
      ? namesIn(condition).flatMap(({ name, mayLack }) => (mayLack || name.includes('.') ? [] : [name]))
      : [];
  });
