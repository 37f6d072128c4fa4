import { phasesOf, scenariosOf, asText, type Draft, type Placed } from '../draft.ts';
import { withInnerSteps, requestOf, topStepsOf } from '../draft-steps.ts';
import { quote, type Problem } from '../../document/problems.ts';

/** Names that would mean two things in a report. */
export const checkNames = (draft: Draft): Problem[] => [
  ...twice(phasesOf(draft), 'phase'),
  ...twice(scenariosOf(draft), 'scenario'),
  ...scenariosOf(draft).flatMap((scenario) => differingSteps(withInnerSteps(topStepsOf(scenario)))),
];

function twice(named: readonly Placed<Draft>[], what: string): Problem[] {
  const seen = new Set<string>();
  return named.flatMap(({ path, value }) => {
    const name = asText(value['name']);
    if (name === undefined || name === '') return [];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path: [...path, 'name'], text: `another ${what} is called ${quote(name)} too; rename one` }];
  });
}

/** The same request may stand twice under one name; two requests may not. */
function differingSteps(steps: readonly Placed<Draft>[]): Problem[] {
  const requests = new Map<string, string>();
  return steps.flatMap(({ path, value }) => {
    const request = requestOf(value);
    if (request === undefined) return [];
    const written = `${request.method.toUpperCase()} ${request.target}`;
    const name = asText(value['name']) ?? written;
    const first = requests.get(name) ?? written;
    requests.set(name, first);
    if (first === written) return [];
    const key = 'name' in value ? 'name' : request.method;
    return [{ path: [...path, key], text: `${quote(name)} is the name of ${first} already; rename this one` }];
  });
}
