import { readable, unborrowed } from '../readable.ts';
import type { Synthesised } from '../synthesise.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Properties of every resource of a type in the stack of the load test, by logical id. */
export const ofType = (from: Synthesised, type: string): [id: string, properties: Fields][] =>
  Object.entries(from.of('load-test').findResources(type)).map(([id, { Properties }]) => [
    id,
    readable(unborrowed(from.of('load-test'), Properties)) as Fields,
  ]);

/** The properties of the one whose id begins so. */
export function the(from: Synthesised, type: string, name: string): Fields {
  const found = ofType(from, type).find(([id]) => id.startsWith(name));
  if (found === undefined) throw new Error(`there is no ${type} ${name}`);
  return found[1];
}

interface State extends Fields {
  readonly Type: string;
  readonly Parameters?: Fields;
}
export type States = Readonly<Record<string, State>>;

export const definitionOf = (from: Synthesised, name: string): { States: States; TimeoutSeconds: number } =>
  JSON.parse(String(the(from, 'AWS::StepFunctions::StateMachine', `LoadTest${name}`)['DefinitionString'])) as {
    States: States;
    TimeoutSeconds: number;
  };

/** The function of a step. */
export const functionOf = (from: Synthesised, step: string): Fields =>
  the(from, 'AWS::Lambda::Function', `LoadTest${step}StepFunction`);

/** In the order in which a run comes to them. */
export const STEPS = ['Prepare', 'Gate', 'Abort', 'Report'];
