import { beforeAll, describe, expect, test } from '@jest/globals';
import { Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addStacks } from '../../../../bin/app.ts';
import { LoadTest } from '../../../../lib/infra/load-test/load-test.ts';
import { refuseUnsafe } from '../../../../lib/run/safety.ts';
import { stepEnvironment } from '../../../../lambda/step-environment.ts';
import { planOf } from '../../run/plan.ts';
import { functionOf } from './template.ts';
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
    const found = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    // A run that AWS could not start in time is left out.
    const Target = { RetryPolicy: { MaximumEventAgeInSeconds: 900 } };
    const shared = { ScheduleExpressionTimezone: 'Etc/UTC', State: 'DISABLED', Target };
    expect(found.map(({ Properties }) => Properties as object)).toMatchObject(
      ['cron(0 2 ? * TUE-SAT *)', 'cron(0 3 ? * SUN *)'].map((ScheduleExpression) => ({
        ...shared,
        ScheduleExpression,
      })),
    );
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
    addStacks(app, 'dev', { environment: { ...rest, existing, loadTest: { ...sizes, existing: way } }, scaling });
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
      alarms: [],
      versions: [],
      monitored: { resources: {}, quantities: {} },
      system: {},
      topicArn: 'arn:aws:sns:us-east-1:111122223333:team',
    });
    const made = Template.fromStack(stack);
    dispose();
    expect(own.workflow.node.path).toBe('Own/LoadTest/Workflow');
    expect(countOf(made, 'AWS::StepFunctions::StateMachine')).toBe(2);
  });

  test('an alarm that shall stop a run and does not exist here is refused at synthesis, with what there is', () => {
    // dev is built without instances, so it has no alarm on them.
    const stoppedBy = (alarm: string) => () =>
      synthesise('dev', ({ environment, scaling }) => {
        if (environment.loadTest === undefined) throw new Error('dev has a load test');
        return {
          environment: { ...environment, loadTest: { ...environment.loadTest, stopOnAlarms: [alarm] } },
          scaling,
        };
      });
    expect(stoppedBy('instances-at-maximum')).toThrow(/plimsoll-dev lacks an alarm/);
    expect(stoppedBy('users-are-hurt')).not.toThrow();
  });

  test('with a certificate load goes to the name that it holds, which may be loaded and leads to the balancer', () => {
    const secure = synthesise('dev', ({ environment, scaling }) => {
      const { staging } = environment;
      if (staging === undefined) throw new Error('dev builds a system');
      const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555';
      const service = { ...staging.service, certificateArn, hostName: 'shop.staging.example.org' };
      return { environment: { ...environment, staging: { ...staging, service } }, scaling };
    });
    const { Variables } = functionOf(secure, 'Prepare')['Environment'] as { Variables: Record<string, string> };
    const { target, allow } = stepEnvironment('prepare', Variables).settings;
    expect(target).toBe('https://shop.staging.example.org');
    expect(() => refuseUnsafe(planOf([], ['/']), new URL(target), allow)).not.toThrow();
    expect(
      mismatchOf(secure.of('staging'), 'AWS::Route53::RecordSet', {
        Name: 'shop.staging.example.org.',
        Type: 'A',
        AliasTarget: { DNSName: Match.objectLike({}), HostedZoneId: Match.objectLike({}) },
      }),
    ).toBe('');
    expect(mismatchOf(secure.of('staging'), 'AWS::Route53::HostedZone', { VPCs: [Match.objectLike({})] })).toBe('');
  });
});
