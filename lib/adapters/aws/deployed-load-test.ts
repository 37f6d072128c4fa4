import { DescribeTaskDefinitionCommand, ECSClient, ListTaskDefinitionFamiliesCommand } from '@aws-sdk/client-ecs';
import { callAws, clientDefaults } from './client-defaults.ts';

/** Where a load test keeps its runs, and what starts one. */
export interface DeployedLoadTest {
  /** Address of the store, as `storeAt` reads it. */
  readonly store: string;
  /** ARN. */
  readonly stateMachine: string;
}

/**
 * Finds the load test of a stack by the definition of its generator's task, which knows the store, and whose ARN has account and
 * partition; the state machine is called as its stack is. Undefined where there is none in this account and region.
 *
 * @throws PlimsollError E-AWS-…
 */
export async function deployedLoadTest(
  stack: string,
  client = new ECSClient(clientDefaults),
): Promise<DeployedLoadTest | undefined> {
  // CDK calls a family by the path of its definition, with nothing but letters and digits, and a hash at the end.
  const familyPrefix = `${stack.replaceAll(/[^a-zA-Z0-9]/g, '')}LoadTestGenerator`;
  const { families = [] } = await callAws('ecs:ListTaskDefinitionFamilies', () =>
    client.send(new ListTaskDefinitionFamiliesCommand({ familyPrefix, status: 'ACTIVE' })),
  );
  for (const family of families) {
    const found = await loadTestOf(family, stack, client);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The environments `dev-1` and `dev1` have families that begin alike: whose a definition is stands in its variables. */
async function loadTestOf(
  taskDefinition: string,
  stack: string,
  client: ECSClient,
): Promise<DeployedLoadTest | undefined> {
  const { taskDefinition: found } = await callAws('ecs:DescribeTaskDefinition', () =>
    client.send(new DescribeTaskDefinitionCommand({ taskDefinition })),
  );
  const variables = found?.containerDefinitions?.flatMap(({ environment = [] }) => environment) ?? [];
  const valueOf = (wanted: string): string | undefined => variables.find(({ name }) => name === wanted)?.value;
  const [store, environment] = [valueOf('PLIMSOLL_STORE'), valueOf('PLIMSOLL_ENVIRONMENT')];
  if (store === undefined || (environment !== undefined && `${environment}-load-test` !== stack)) return undefined;
  const [, partition, , region, account] = found?.taskDefinitionArn?.split(':') ?? [];
  return { store, stateMachine: `arn:${partition}:states:${region}:${account}:stateMachine:${stack}` };
}
