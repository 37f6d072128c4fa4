import type { EnvironmentConfiguration } from '../../../lib/environment/parse.ts';
import { synthesise } from '../../lib/infra/synthesise.ts';

/** A state of the Amazon States Language, as far as tests look at it. */
export interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly ItemProcessor?: Definition;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly TimeoutSecondsPath?: string;
  readonly [field: string]: unknown;
}

export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
  readonly [field: string]: unknown;
}

/** The state machines of the template of staging, or of a change to it, with made-up ARNs where CloudFormation would put real ones. */
export function synthesisedDefinitions(
  change?: (staging: EnvironmentConfiguration) => EnvironmentConfiguration,
): Readonly<Record<'workflow' | 'aftermath', Definition>> {
  const machines = [...synthesise('staging', change).resources].filter(
    ([, { Type }]) => Type === 'AWS::StepFunctions::StateMachine',
  );
  const named = (name: string): Definition => {
    const found = machines.find(([id]) => id.includes(name))?.[1].Properties?.['DefinitionString'];
    if (found === undefined) throw new Error(`the template has no state machine ${name}`);
    return JSON.parse(String(resolved(found))) as Definition;
  };
  return { workflow: named('LoadTestWorkflow'), aftermath: named('LoadTestAftermath') };
}

/** CloudFormation's functions, with values that look like those of an account. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return value.Ref === 'AWS::Partition' ? 'aws' : String(value.Ref);
  if ('Fn::GetAtt' in value) return madeUpArn(String((value['Fn::GetAtt'] as string[])[0]));
  if ('Fn::GetStackOutput' in value) return 'made-up-name';
  if ('Fn::Join' in value) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map((part) => String(resolved(part))).join(separator);
  }
  throw new Error(`an intrinsic that is not resolved here: ${JSON.stringify(value)}`);
}

const madeUpArn = (logicalId: string): string => `arn:aws:lambda:us-east-1:111122223333:function:${logicalId}`;

/** Every task of a definition, those inside of Maps too: what must have a handler. */
export const tasksIn = ({ States }: Definition): [name: string, resource: string][] =>
  Object.entries(States).flatMap(([name, state]): [string, string][] => {
    if (state.Type === 'Task') return [[name, state.Resource ?? '']];
    return state.ItemProcessor === undefined ? [] : tasksIn(state.ItemProcessor);
  });

/** Where `executable` puts a task's timeout. */
const TIMEOUT = 'TimeoutSeconds';

/**
 * The definition with the one thing rewritten that the local executor understands otherwise than AWS: it looks for
 * `TimeoutSecondsPath` in what `Parameters` made of the input, and AWS in the input (Step Functions Developer Guide, "Task state",
 * whose example has both). So the parameters hand it on.
 */
export function executable(definition: Definition): Definition {
  const rewritten = (state: State): State => ({
    ...state,
    ...(state.TimeoutSecondsPath !== undefined && {
      Parameters: { ...state.Parameters, [`${TIMEOUT}.$`]: state.TimeoutSecondsPath },
      TimeoutSecondsPath: `$.${TIMEOUT}`,
    }),
    ...(state.ItemProcessor !== undefined && { ItemProcessor: executable(state.ItemProcessor) }),
  });
  const states = Object.entries(definition.States).map(([name, state]) => [name, rewritten(state)] as const);
  return { ...definition, States: Object.fromEntries(states) };
}
