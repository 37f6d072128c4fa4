import { describe, expect, test } from '@jest/globals';
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
import { certificate } from '../variants.ts';
import { countOf, mismatchOf, newApp, synthesise } from '../synthesise.ts';

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
    const databaseArn = 'arn:aws:rds:us-east-1:111122223333:db:shop-writer';
    const system = { ...existing, databaseArn, logGroupName: '/ecs/shop-api' };
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
      'logs:FilterLogEvents',
      ':log-group:/ecs/shop-api:*',
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
    expect(JSON.stringify(made.toJSON())).not.toContain('logs:FilterLogEvents');
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

  test('with a certificate load goes to the name that it holds, which may be loaded and leads to the balancer, some of whose capacity is reserved', () => {
    const secure = synthesise('dev', certificate);
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
    const reserved = { MinimumLoadBalancerCapacity: { CapacityUnits: 100 } };
    expect(mismatchOf(secure.of('staging'), 'AWS::ElasticLoadBalancingV2::LoadBalancer', reserved)).toBe('');
    expect(mismatchOf(secure.of('staging'), 'AWS::Route53::HostedZone', { VPCs: [Match.objectLike({})] })).toBe('');
  });
});
