import { DescribeTaskDefinitionCommand, ECSClient, ListTaskDefinitionFamiliesCommand } from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from '@jest/globals';
import { deployedLoadTest } from '../../../../lib/adapters/aws/deployed-load-test.ts';
import { synthesise } from '../../infra/synthesise.ts';

const STACK = 'plimsoll-staging-load-test';

interface Container {
  readonly Environment: readonly { readonly Name: string }[];
}

/** What CloudFormation would deploy, as far as it is looked for. */
function deployed(): { family: string; stateMachineNames: unknown[]; variables: string[] } {
  const ofStack = [...synthesise('staging').resources].filter(([id]) => id.startsWith(`${STACK}/`)).map(([, it]) => it);
  const of = (type: string) => ofStack.filter(({ Type }) => Type === type).map(({ Properties }) => Properties ?? {});
  const [definition = {}] = of('AWS::ECS::TaskDefinition');
  const containers = definition['ContainerDefinitions'] as readonly Container[];
  return {
    family: String(definition['Family']),
    stateMachineNames: of('AWS::StepFunctions::StateMachine').map((machine) => machine['StateMachineName']),
    variables: containers.flatMap(({ Environment }) => Environment.map(({ Name }) => Name)),
  };
}

const mocked = (families: readonly string[], store?: string) => {
  const ecs = mockClient(ECSClient);
  ecs.on(ListTaskDefinitionFamiliesCommand).resolves({ families: [...families] });
  const environment = store === undefined ? [] : [{ name: 'PLIMSOLL_STORE', value: store }];
  const taskDefinitionArn = `arn:aws-cn:ecs:cn-north-1:111122223333:task-definition/${families[0]}:7`;
  ecs
    .on(DescribeTaskDefinitionCommand)
    .resolves({ taskDefinition: { taskDefinitionArn, containerDefinitions: [{ environment }] } });
  return ecs;
};

test('what is looked for is what the stack deploys', async () => {
  const { family, stateMachineNames, variables } = deployed();
  const ecs = mocked([family], 's3://results');
  expect(await deployedLoadTest(STACK, new ECSClient())).toEqual({
    store: 's3://results',
    stateMachine: `arn:aws-cn:states:cn-north-1:111122223333:stateMachine:${STACK}`,
  });
  const [asked] = ecs.commandCalls(ListTaskDefinitionFamiliesCommand);
  const { familyPrefix = 'none', status } = asked?.args[0].input ?? {};
  expect(family.startsWith(familyPrefix)).toBe(true);
  expect(status).toBe('ACTIVE');
  expect(stateMachineNames).toContain(STACK);
  expect(variables).toContain('PLIMSOLL_STORE');
});

test.each([
  ['no such task', []],
  ['a task that knows no store', ['plimsollstagingloadtestLoadTestGeneratorTask00000000']],
])('%s is no load test', async (_, families) => {
  mocked(families);
  expect(await deployedLoadTest(STACK, new ECSClient())).toBeUndefined();
});

test('of two environments whose families begin alike, each has its own', async () => {
  const ecs = mockClient(ECSClient);
  const families = ['plimsolldev1loadtestLoadTestGeneratorTaskA', 'plimsolldev1loadtestLoadTestGeneratorTaskB'];
  ecs.on(ListTaskDefinitionFamiliesCommand).resolves({ families });
  for (const [i, name] of ['dev1', 'dev-1'].entries()) {
    const environment = [
      { name: 'PLIMSOLL_STORE', value: `s3://${name}` },
      { name: 'PLIMSOLL_ENVIRONMENT', value: `plimsoll-${name}` },
    ];
    const taskDefinitionArn = `arn:aws:ecs:us-east-1:111122223333:task-definition/${families[i]}:7`;
    ecs
      .on(DescribeTaskDefinitionCommand, { taskDefinition: families[i] })
      .resolves({ taskDefinition: { taskDefinitionArn, containerDefinitions: [{ environment }] } });
  }
  for (const name of ['dev1', 'dev-1'])
    expect(await deployedLoadTest(`plimsoll-${name}-load-test`, new ECSClient())).toMatchObject({
      store: `s3://${name}`,
    });
});
