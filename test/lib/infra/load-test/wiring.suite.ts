import { describe, expect, test } from '@jest/globals';
import { BARRIER_SECONDS } from '../../../../lib/infra/load-test/settings.ts';
import { MOST_WORKERS } from '../../../../lib/environment/quotas.ts';
import type { LoadStep } from '../../../../lib/run/workflow/step.ts';
import { taskInputFrom } from '../../../../loadgen/task/task-input.ts';
import { definitionOf, type Fields, functionOf, ofType, type States, STEPS, the } from './template.ts';
import { EXAMPLE_INPUT } from '../../../../lib/infra/load-test/load-test.ts';
import { parseInput } from '../../../../lib/run/workflow/input.ts';
import { mismatchOf, synthesise } from '../synthesise.ts';

const staging = synthesise('staging');
const { States: states, TimeoutSeconds: mostSeconds } = definitionOf(staging, 'Workflow');
const { States: after, TimeoutSeconds: mostSecondsAfter } = definitionOf(staging, 'Aftermath');
const load = states['Load'] ?? { Type: 'none' };
const generate = (load['ItemProcessor'] as { States: States }).States['Generate'] ?? { Type: 'none' };

describe('time', () => {
  test('each function has its time and its room', () => {
    const sizes = STEPS.map((step) => {
      const { Timeout, MemorySize } = functionOf(staging, step);
      return [step, Timeout, MemorySize];
    });
    expect(sizes).toEqual([
      ['Prepare', 300, 512],
      // 1769 MiB are one vCPU: docs/deploy.md, "Room".
      ['Gate', 900, 1769],
      // An abort waits two minutes for the last task.
      ['Abort', 180, 256],
      ['Report', 900, 1769],
    ]);
  });

  test('no state gives its function up before that has ended by itself', () => {
    const invoked = [...Object.entries(states), ...Object.entries(after)].flatMap(([name, state]) => {
      const step = /LoadTest(\w+)StepFunction/.exec(String(state['Resource']))?.[1];
      return step === undefined ? [] : [[name, state['TimeoutSeconds'], functionOf(staging, step)['Timeout']] as const];
    });
    expect(invoked.map(([name]) => name).join(' ')).toBe(
      'Prepare Gate Abort Report EndLast EndLoad ReportPartial EndLastAfter',
    );
    expect(invoked.filter(([, state, own]) => !(Number(state) > Number(own)))).toEqual([]);
  });

  test('an execution ends after maxHours, and its aftermath after an hour and a half', () => {
    // 10 hours.
    expect([mostSeconds, mostSecondsAfter]).toEqual([36_000, 5400]);
  });

  test('the aftermath has time for every try of all of its states', () => {
    const spans = Object.values(after).flatMap((state) => {
      if (state.Type !== 'Task') return [];
      const step = /LoadTest(\w+)StepFunction/.exec(String(state['Resource']))?.[1];
      const each = Number(step === undefined ? state['TimeoutSeconds'] : functionOf(staging, step)['Timeout']);
      const { IntervalSeconds, BackoffRate, MaxAttempts } = (state['Retry'] as [Record<string, number>]).at(-1) ?? {};
      const waits = Array.from(
        { length: Number(MaxAttempts) },
        (_, index) => Number(IntervalSeconds) * Number(BackoffRate) ** index,
      );
      // A task that has begun is not tried again; what has not begun takes no time.
      return [each * (step === undefined ? 1 : 1 + waits.length), ...waits];
    });
    // In seconds: EndLoad 3 × 180 + 5 + 10, SendLastAfter 900 + 15 + 30 + 60, EndLastAfter as EndLoad, ReportPartial 3 × 900 + 5 + 10.
    expect(spans.reduce((sum, each) => sum + each, 0)).toBe(555 + 1005 + 555 + 2715);
    expect(555 + 1005 + 555 + 2715).toBeLessThan(mostSecondsAfter);
  });
});

describe('the generator’s task', () => {
  /** What `stepFor` hands to the Map, and the Map to a task. */
  const step: LoadStep = { do: 'load', run: 'r', phase: '1', workers: ['0/2', '1/2'], loadSeconds: 500 };
  const selector = load['ItemSelector'] as Readonly<Record<string, string>>;

  test('it is tried again while the others still wait for it', () => {
    const [{ IntervalSeconds, BackoffRate, MaxAttempts }] = generate['Retry'] as [Record<string, number>];
    expect({ IntervalSeconds, BackoffRate, MaxAttempts }).toEqual({
      IntervalSeconds: 15,
      BackoffRate: 2,
      MaxAttempts: 3,
    });
    // 15 + 30 + 60 s, and a task starts within two minutes, mostly.
    expect(105 + 120).toBeLessThan(BARRIER_SECONDS);
  });

  test('every worker has its task at once, as they wait for one another', () => {
    expect(load['MaxConcurrency']).toBe(MOST_WORKERS);
    expect(load['ItemsPath']).toBe('$.workers');
  });

  test('it takes nothing that the Map does not hand on, and the Map nothing that the step does not', () => {
    const taken = Array.from(JSON.stringify(generate).matchAll(/"\$\.(\w+)"/g), ([, name = '']) => name);
    const handed = new Set(Object.keys(selector).map((key) => key.replace(/\.\$$/, '')));
    expect(taken.filter((name) => name !== 'failure' && !handed.has(name))).toEqual([]);
    const asked = Object.values(selector).flatMap((path) => /^\$\.(\w+)$/.exec(path)?.[1] ?? []);
    expect(asked.filter((name) => !(name in step))).toEqual([]);
  });

  test('it is given up when it has taken longer than the step allows', () => {
    expect(generate['TimeoutSecondsPath']).toBe('$.loadSeconds');
    expect(selector['loadSeconds.$']).toBe('$.loadSeconds');
  });

  test('it stands where the target can be reached from, and so does who asks how the target is', () => {
    const subnets = ['StagingNetworkVpcworkersSubnet1Subnet', 'StagingNetworkVpcworkersSubnet2Subnet'];
    const groups = ['LoadTestGroup.GroupId', 'StagingBalancerClients.GroupId'];
    expect(generate.Parameters).toMatchObject({
      Cluster: 'LoadTestGeneratorCluster.Arn',
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: subnets, SecurityGroups: groups } },
    });
    expect(functionOf(staging, 'Prepare')['VpcConfig']).toEqual({ SubnetIds: subnets, SecurityGroupIds: groups });
  });

  test('its costs are told by tags', () => {
    expect(generate.Parameters).toMatchObject({ PropagateTags: 'TASK_DEFINITION' });
  });

  test('its variables are an order that it understands', () => {
    const { ContainerDefinitions } = the(staging, 'AWS::ECS::TaskDefinition', 'LoadTestGeneratorTask');
    const [{ Environment: own }] = ContainerDefinitions as [{ Environment: { Name: string; Value: string }[] }];
    const { Overrides } = generate.Parameters as {
      Overrides: { ContainerOverrides: [{ Environment: Record<string, string>[] }] };
    };
    const [{ Environment: handed }] = Overrides.ContainerOverrides;
    const given: Record<string, string> = { '$.run': 'r', '$.phase': '1', '$.worker': '1/2' };
    const environment = Object.fromEntries([
      ...own.map(({ Name, Value }) => [Name, Value]),
      ...handed.map(({ Name, 'Value.$': path = '' }) => [Name, given[path]]),
    ]) as Record<string, string>;
    expect(environment['AWS_REGION']).toBe('us-east-1');
    expect(taskInputFrom(environment)).toEqual({
      storeAddress: 's3://LoadTestResults',
      runId: 'r',
      phase: 1,
      share: { index: 1, of: 2 },
      environment: 'plimsoll-staging',
      // Fargate starts a task in one to two minutes, Spot in some more.
      barrierSeconds: 300,
    });
  });
});

test('test data is cleaned by the service’s own task, with the configured command, where the service stands', () => {
  expect(states['CleanData']?.Parameters).toMatchObject({
    Cluster: 'StagingCluster.Arn',
    TaskDefinition: expect.stringMatching(/StagingServiceTasksTask/),
    NetworkConfiguration: {
      AwsvpcConfiguration: {
        Subnets: ['StagingNetworkVpcworkersSubnet1Subnet', 'StagingNetworkVpcworkersSubnet2Subnet'],
        SecurityGroups: ['StagingServiceTasksGroup.GroupId'],
      },
    },
    Overrides: { ContainerOverrides: [{ Name: 'service', Command: ['node', 'target/seed/main.ts'] }] },
  });
});

describe('what happens around the workflow', () => {
  const rule = (name: string): Fields => the(staging, 'AWS::Events::Rule', `LoadTestEvents${name}`);

  test('the aftermath follows the workflow alone, and is told which execution ended, and how', () => {
    const { EventPattern, Targets } = rule('BrokenOff');
    expect(EventPattern).toMatchObject({ detail: { stateMachineArn: ['LoadTestWorkflow'] } });
    const [{ Arn, InputTransformer }] = Targets as [
      { Arn: string; InputTransformer: { InputPathsMap: Record<string, string>; InputTemplate: string } },
    ];
    expect(Arn).toBe('LoadTestAftermath');
    // As EventBridge fills it in: Amazon EventBridge User Guide, "Input transformation".
    const detail: Record<string, string> = { executionArn: 'arn:one', status: 'ABORTED' };
    const input = InputTransformer.InputTemplate.replaceAll(/<([\w-]+)>/g, (_, name: string) =>
      JSON.stringify(detail[InputTransformer.InputPathsMap[name]?.replace('$.detail.', '') ?? '']),
    );
    expect(JSON.parse(input)).toEqual({ execution: 'arn:one', status: 'ABORTED' });
    expect(after['EndLoad']?.Parameters).toEqual({ 'execution.$': '$.execution', 'state.$': '$' });
  });

  test('an alarm is told to the function that ends load', () => {
    expect(rule('Alarm')['Targets']).toMatchObject([{ Arn: 'LoadTestAbortStepFunction.Arn' }]);
  });

  test('by the clock the plan of the configuration is started', () => {
    const started = ['nightly', 'weekly'].map(
      (name) => the(staging, 'AWS::Scheduler::Schedule', `LoadTestEventsClock${name}`)['Target'],
    );
    expect(started).toMatchObject([
      { Arn: 'LoadTestWorkflow', Input: '{"plan":"smoke"}' },
      { Arn: 'LoadTestWorkflow', Input: '{"plan":"week7"}' },
    ]);
  });
});

test('nobody outside of the account reads the results', () => {
  expect(the(staging, 'AWS::S3::Bucket', 'LoadTestResults')['PublicAccessBlockConfiguration']).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
});

test('the log of a state machine tells what its states were given', () => {
  const logged = ofType(staging, 'AWS::StepFunctions::StateMachine').map(
    ([, { LoggingConfiguration }]) => LoggingConfiguration,
  );
  expect(logged).toHaveLength(2);
  for (const each of logged) expect(each).toMatchObject({ IncludeExecutionData: true, Level: 'ALL' });
});

test('without NAT the endpoints of the checklist stand in the subnets of the workers', () => {
  const endpoints = ofType(synthesise('perf'), 'AWS::EC2::VPCEndpoint');
  const workers = [1, 2, 3].map((zone) => `StagingNetworkVpcworkersSubnet${zone}Subnet`);
  expect(endpoints.map(([, { SubnetIds }]) => SubnetIds)).toEqual(endpoints.map(() => workers));
  expect(endpoints).toHaveLength(3);
});

test('generator and collector take an image that is there already, and nothing is built', () => {
  const there = synthesise('staging', ({ environment, scaling }) => {
    const { loadTest } = environment;
    if (loadTest === undefined) throw new Error('staging has a load test');
    return {
      environment: { ...environment, loadTest: { ...loadTest, image: { ecr: 'plimsoll', tag: '7' } } },
      scaling,
    };
  });
  const images = ofType(there, 'AWS::ECS::TaskDefinition')
    .filter(([id]) => /LoadTest(?:Generator|Collector)/.test(id))
    .map(([, { ContainerDefinitions }]) => JSON.stringify((ContainerDefinitions as { Image: unknown }[])[0]?.Image));
  expect(images).toHaveLength(2);
  for (const image of images) expect(image).toMatch(/plimsoll:7/);
});

test('a schedule has its own time zone, where summer moves the hour', () => {
  const zoned = synthesise('staging', ({ environment, scaling }) => {
    const { loadTest } = environment;
    if (loadTest === undefined) throw new Error('staging has a load test');
    const schedule = loadTest.schedule.map((entry) => ({ ...entry, timezone: 'Europe/London' }));
    return { environment: { ...environment, loadTest: { ...loadTest, schedule } }, scaling };
  });
  const found = mismatchOf(zoned.of('load-test'), 'AWS::Scheduler::Schedule', {
    ScheduleExpressionTimezone: 'Europe/London',
  });
  expect(found).toBe('');
});

test('people find in the console what each state does, and an input that the workflow takes', () => {
  const [workflow] = Object.values(staging.of('load-test').findResources('AWS::StepFunctions::StateMachine'));
  const definition = JSON.stringify(workflow?.['Properties'].DefinitionString).replaceAll(String.raw`\"`, '"');
  expect(definition).toContain('"Comment":"Puts together what the workers have stored');
  expect(parseInput(JSON.parse(EXAMPLE_INPUT))).toMatchObject({ plan: 'week7', workers: 2 });
  const { StartCommand } = staging.of('load-test').findOutputs('*');
  expect(JSON.stringify(StartCommand)).toContain('start-execution --state-machine-arn ');
});
