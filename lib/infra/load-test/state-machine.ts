import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, type IChainable, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeResource } from '../acknowledge.ts';

export interface StateMachineProps {
  readonly name?: string;
  readonly definition: IChainable;
  /** Whatever happens, an execution ends after this. */
  readonly timeout: Duration;
  readonly retention: RetentionDays;
  /** What its states call. */
  readonly functions: readonly IFunction[];
}

/** A state machine whose every event is logged and traced. Inputs hold names and no secret, so they are logged too. */
export function stateMachine(scope: Construct, id: string, props: StateMachineProps): StateMachine {
  const { name, definition, timeout, retention, functions } = props;
  const destination = new LogGroup(scope, `${id}Log`, {
    // Others would each take room in the one resource policy of the account (CloudWatch Logs, "Logs sent to CloudWatch Logs").
    logGroupName: `/aws/vendedlogs/states/${Stack.of(scope).stackName}-${id}`,
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const machine = new StateMachine(scope, id, {
    ...(name !== undefined && { stateMachineName: name }),
    definitionBody: DefinitionBody.fromChainable(definition),
    timeout,
    tracingEnabled: true,
    logs: { destination, level: LogLevel.ALL, includeExecutionData: true },
  });
  acknowledge(machine.role, {
    'AwsSolutions-IAM5[Resource::*]': 'Actions that know no resource, each with its reason in docs/security.md.',
  });
  for (const { functionArn } of functions)
    acknowledgeResource(machine.role, `${functionArn}:*`, 'Any version of the functions of its own steps.');
  return machine;
}
