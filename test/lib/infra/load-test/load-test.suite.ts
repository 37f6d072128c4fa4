import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { EXAMPLE_INPUT } from '../../../../lib/infra/load-test/load-test.ts';
import { parseInput } from '../../../../lib/run/workflow/input.ts';
import { countOf, mismatchOf, synthesise } from '../synthesise.ts';

let template: Template;
let dev: Template;

beforeAll(() => {
  template = synthesise('staging').of('load-test');
  dev = synthesise('dev').of('load-test');
});

/** How a state machine ends otherwise than well, as EventBridge hears of it. */
const endOf = (machine: string) => ({
  source: ['aws.states'],
  'detail-type': ['Step Functions Execution Status Change'],
  detail: {
    stateMachineArn: [{ Ref: Match.stringLikeRegexp(`^${machine}`) }],
    status: ['ABORTED', 'TIMED_OUT', 'FAILED'],
  },
});

describe('load test', () => {
  test('the generator has a read-only root, ends in order, and its image is built from its own Dockerfile', () => {
    const container = { ReadonlyRootFilesystem: true, StopTimeout: 30, LinuxParameters: { InitProcessEnabled: true } };
    expect(
      mismatchOf(template, 'AWS::ECS::TaskDefinition', {
        Cpu: '1024',
        Memory: '2048',
        RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
        ContainerDefinitions: [Match.objectLike(container)],
      }),
    ).toBe('');
  });

  test('tasks have no public address, and stand on Spot where the configuration says so', () => {
    const definitionOf = (of: Template): string =>
      JSON.stringify(Object.values(of.findResources('AWS::StepFunctions::StateMachine')));
    expect(definitionOf(template)).not.toContain('AssignPublicIp\\":\\"ENABLED');
    expect(definitionOf(template)).toContain('\\"CapacityProvider\\":\\"FARGATE\\"');
    expect(definitionOf(dev)).toContain('\\"CapacityProvider\\":\\"FARGATE_SPOT\\"');
  });

  test('results are encrypted, reached by TLS alone, and end; plans stay', () => {
    const rules = [
      { Prefix: 'runs/', ExpirationInDays: 90, Status: 'Enabled' },
      { Prefix: 'executions/', ExpirationInDays: 90, Status: 'Enabled' },
      { Prefix: 'captures/', ExpirationInDays: 1, Status: 'Enabled' },
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
    ];
    expect(mismatchOf(template, 'AWS::S3::Bucket', { LifecycleConfiguration: { Rules: rules } })).toBe('');
    const insecure = { Action: 's3:*', Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    expect(
      mismatchOf(template, 'AWS::S3::BucketPolicy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(insecure)]) },
      }),
    ).toBe('');
  });

  test('four functions, each on Graviton with Node 24, its log, its role and room enough', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) =>
        Properties as { Runtime: string; Architectures: string[]; VpcConfig?: object; Timeout: number },
    );
    expect(functions.map(({ Runtime, Architectures }) => [Runtime, ...Architectures])).toEqual(
      Array.from({ length: 4 }, () => ['nodejs24.x', 'arm64']),
    );
    expect(functions.filter(({ VpcConfig }) => VpcConfig !== undefined)).toHaveLength(1);
  });

  test('both state machines are logged, traced, and end in time', () => {
    const machines = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    expect(machines).toHaveLength(2);
    for (const { Properties } of machines) {
      expect(Properties).toMatchObject({
        TracingConfiguration: { Enabled: true },
        LoggingConfiguration: { Level: 'ALL' },
      });
      expect(JSON.stringify(Properties)).toMatch(
        /\\"TimeoutSeconds\\":\d+(?:\}|,\\"Comment\\":\\"(?:A load|Ends and) )/,
      );
    }
  });

  test('whatever ends an execution by force starts the aftermath, and an alarm ends it', () => {
    expect(
      mismatchOf(template, 'AWS::Events::Rule', {
        EventPattern: endOf('LoadTestWorkflow'),
        Targets: [{ Arn: { Ref: Match.stringLikeRegexp('^LoadTestAftermath') } }],
      }),
    ).toBe('');
    expect(
      mismatchOf(template, 'AWS::Events::Rule', {
        EventPattern: {
          source: ['aws.cloudwatch'],
          detail: { alarmName: ['plimsoll-staging-database-storage'], state: { value: ['ALARM'] } },
        },
      }),
    ).toBe('');
  });

  test('where the aftermath itself fails, people are told where load may go on', () => {
    const cluster = { Ref: Match.stringLikeRegexp('^LoadTestGeneratorCluster') };
    const text = ['', Match.arrayWith([Match.stringLikeRegexp('Stop what runs in the ECS cluster $'), cluster])];
    expect(
      mismatchOf(template, 'AWS::Events::Rule', {
        EventPattern: endOf('LoadTestAftermath'),
        Targets: [
          {
            Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^NamesPageTopic'), 'Value'] },
            InputTransformer: { InputTemplate: { 'Fn::Join': text } },
          },
        ],
      }),
    ).toBe('');
  });

  test('what is run by the clock is there, and off', () => {
    const scheduled = Object.values(template.findResources('AWS::Scheduler::Schedule')).map(
      ({ Properties }) => Properties as Record<string, unknown>,
    );
    expect(
      scheduled.map((each) => [each['ScheduleExpression'], each['ScheduleExpressionTimezone'], each['State']]),
    ).toEqual([
      ['cron(0 2 ? * TUE-SAT *)', 'Etc/UTC', 'DISABLED'],
      ['cron(0 3 ? * SUN *)', 'Etc/UTC', 'DISABLED'],
    ]);
    // A run that AWS could not start in time is left out.
    for (const { Target } of scheduled)
      expect(Target).toMatchObject({ RetryPolicy: { MaximumEventAgeInSeconds: 900 } });
    expect(countOf(dev, 'AWS::Events::Rule')).toBe(2);
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
    const [workflow] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    const definition = JSON.stringify(workflow?.['Properties'].DefinitionString).replaceAll(String.raw`\"`, '"');
    expect(definition).toContain('"Comment":"Puts together what the workers have stored');
    expect(parseInput(JSON.parse(EXAMPLE_INPUT))).toMatchObject({ plan: 'week7', workers: 2 });
    const { StartCommand } = template.findOutputs('*');
    expect(JSON.stringify(StartCommand)).toContain('start-execution --state-machine-arn ');
  });

  test('without the section in the configuration there is no load test', () => {
    const { templates } = synthesise('dev', (configuration) => {
      const { loadTest: _, ...environment } = configuration.environment;
      return { ...configuration, environment };
    });
    expect([...templates.keys()].some((name) => name.endsWith('load-test'))).toBe(false);
  });
});
