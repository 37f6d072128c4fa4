import { beforeAll, describe, expect, test } from '@jest/globals';
import { Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addStacks } from '../../../../bin/app.ts';
import { LoadTest } from '../../../../lib/infra/load-test/load-test.ts';
import { configurationOf } from '../configurations.ts';
import { countOf, mismatchOf, newApp, synthesise } from '../synthesise.ts';

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
      expect(JSON.stringify(Properties)).toMatch(/\\"TimeoutSeconds\\":\d+\}/);
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
            Arn: { 'Fn::GetStackOutput': { OutputName: Match.stringLikeRegexp('NotificationsPage') } },
            InputTransformer: { InputTemplate: { 'Fn::Join': text } },
          },
        ],
      }),
    ).toBe('');
  });

  test('what is run by the clock is there, and off', () => {
    const rules = Object.values(template.findResources('AWS::Events::Rule')).map(
      ({ Properties }) => Properties as { ScheduleExpression?: string; State: string },
    );
    const scheduled = rules.filter(({ ScheduleExpression }) => ScheduleExpression !== undefined);
    expect(scheduled.map(({ ScheduleExpression, State }) => [ScheduleExpression, State])).toEqual([
      ['cron(0 2 ? * TUE-SAT *)', 'DISABLED'],
      ['cron(0 3 ? * SUN *)', 'DISABLED'],
    ]);
    expect(countOf(dev, 'AWS::Events::Rule')).toBe(2);
  });

  test('without the section in the configuration there is no load test', () => {
    const { templates } = synthesise('dev', (configuration) => {
      const { loadTest: _, ...environment } = configuration.environment;
      return { ...configuration, environment };
    });
    expect([...templates.keys()].some((name) => name.endsWith('load-test'))).toBe(false);
  });
});

const existing = {
  loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188',
  targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/shop/73e2d6bc24d8a067',
  serviceArn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/api',
};

describe('load test of a system that is there already', () => {
  test('stands in its subnets, carries its security group, and touches nothing of it', () => {
    const { environment, scaling } = configurationOf('dev');
    const { staging: _, loadTest, ...rest } = environment;
    if (loadTest === undefined) throw new Error('dev has a load test');
    const { reset: __, ...sizes } = loadTest;
    const way = {
      target: 'https://shop.internal',
      healthPath: '/health',
      vpcId: 'vpc-0123456789abcdef0',
      subnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
      clientsGroupId: 'sg-0123456789abcdef0',
    };
    const { app, dispose } = newApp();
    // Of Aurora, which no ARN says.
    const system = { ...existing, databaseArn: 'arn:aws:rds:us-east-1:111122223333:db:shop-writer' };
    addStacks(app, 'dev', {
      environment: { ...rest, existing: system, loadTest: { ...sizes, existing: way } },
      scaling,
    });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
    const stack = app.node.findChild('plimsoll-dev-load-test') as Stack;
    const text = JSON.stringify(Template.fromStack(stack).toJSON());
    dispose();
    for (const part of [
      'https://shop.internal',
      'subnet-0123456789abcdef1',
      'subnet-0123456789abcdef2',
      'sg-0123456789abcdef0',
      'rds:DescribeDBClusterSnapshots',
      ':cluster-snapshot:*',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('AWS::EC2::SecurityGroupIngress');
  });

  test('in a stack of somebody else, with what that has', () => {
    const { app, dispose } = newApp();
    const stack = new Stack(app, 'Own', { env: { region: 'us-east-1' } });
    const vpc = new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'] }) as IVpc;
    const { loadTest: written } = configurationOf('dev').environment;
    if (written === undefined) throw new Error('dev has a load test');
    const { reset: _, ...loadTest } = written;
    const own = new LoadTest(stack, 'LoadTest', {
      ...loadTest,
      prefix: 'shop',
      version: '1.0.0',
      vpc,
      subnets: { subnets: vpc.privateSubnets },
      clients: SecurityGroup.fromSecurityGroupId(stack, 'Clients', 'sg-0123456789abcdef0'),
      target: 'https://shop.internal',
      healthPath: '/health',
      allow: { hosts: ['shop.internal'], production: [] },
      monitored: { resources: {}, quantities: {} },
      system: {},
      alarms: [],
      topicArn: 'arn:aws:sns:us-east-1:111122223333:team',
    });
    const made = Template.fromStack(stack);
    dispose();
    expect(own.workflow.node.path).toBe('Own/LoadTest/Workflow');
    expect(countOf(made, 'AWS::StepFunctions::StateMachine')).toBe(2);
  });
});
