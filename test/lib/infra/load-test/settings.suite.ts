import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { stepEnvironment } from '../../../../lambda/step-environment.ts';
import { queriesOf } from '../../../../lib/run/workflow/metric-queries.ts';
import type { StepName } from '../../../../lib/run/workflow/settings.ts';
import { signals } from '../../../../lib/signals/index.ts';
import { existingTarget } from '../../../../lib/infra/load-test/target.ts';
import { refuseUnsafe } from '../../../../lib/run/safety.ts';
import { STRANGERS } from '../../environment/strangers.ts';
import { planOf } from '../../run/plan.ts';
import { configurationOf } from '../configurations.ts';
import { functionOf } from './template.ts';
import { synthesise } from '../synthesise.ts';

const staging = synthesise('staging');

/** As the function of the step reads them. */
const toldTo = <Step extends StepName>(step: Step, from = staging) => {
  const { Variables } = functionOf(from, `${step[0]?.toUpperCase()}${step.slice(1)}`)['Environment'] as {
    Variables: Record<string, string>;
  };
  return stepEnvironment(step, Variables);
};

describe('what the functions are told', () => {
  test('of staging', () => {
    expect(toldTo('prepare').settings).toMatchObject({
      environment: 'plimsoll-staging',
      target: 'http://StagingBalancer.DNSName',
      healthPath: '/health',
      // The balancer that is built beside it, and no other.
      allow: { hosts: ['StagingBalancer.DNSName'], production: [] },
      workers: 4,
      // 1024 CPU units.
      taskVcpus: 1,
      capacity: 'on-demand',
      barrierSeconds: 300,
      mayReset: true,
    });
    expect(toldTo('gate').settings).toMatchObject({ barrierSeconds: 300, quantities: { maxTasks: 8 } });
    expect(toldTo('abort').settings).toEqual({
      environment: 'plimsoll-staging',
      mitigation: {
        desiredTasks: 8,
        undo: 'aws ecs update-service --cluster StagingCluster --service StagingServiceTasksService.Name --desired-count',
      },
    });
    expect(toldTo('report').settings).toMatchObject({
      environment: 'plimsoll-staging',
      links: 'https://us-east-1.console.aws.amazon.com/s3/object/LoadTestResults?region=us-east-1&prefix=',
    });
  });

  test.each(['dev', 'staging', 'perf'] as const)(
    "of %s: its own balancer may be loaded, and no stranger's host",
    (name) => {
      const { allow } = toldTo('prepare', synthesise(name)).settings;
      const own = 'internal-Plims-Stagi-1PX6ZH.us-east-1.elb.amazonaws.com';
      const deployed = { ...allow, hosts: allow.hosts.map((host) => host.replace('StagingBalancer.DNSName', own)) };
      const load = (host: string) => () => refuseUnsafe(planOf([], ['/']), new URL(`http://${host}`), deployed);
      expect(load(own)).not.toThrow();
      for (const [host] of STRANGERS) expect(load(host)).toThrow('neither loopback nor on the allow-list');
    },
  );

  test('the alarms by their names: all that the environment has, and none of one whose name begins alike', () => {
    const { environment, alarms } = toldTo('prepare').settings as { environment: string; alarms: string[] };
    const names = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
      Object.values(staging.of('observability').findResources(type)).map(({ Properties }) => Properties.AlarmName),
    );
    expect(names.length).toBeGreaterThan(15);
    expect(new Set(alarms.map((alarm) => `${environment}-${alarm}`))).toEqual(new Set(names));
  });

  test('of dev: Spot, and the service is never raised', () => {
    const dev = synthesise('dev');
    expect(toldTo('prepare', dev).settings).toMatchObject({ workers: 1, capacity: 'spot', mayReset: true });
    expect(toldTo('abort', dev).settings).toEqual({ environment: 'plimsoll-dev' });
  });

  test('without a task that cleans, data may not be cleaned', () => {
    const without = synthesise('dev', ({ environment, scaling }) => {
      const { loadTest } = environment;
      if (loadTest === undefined) throw new Error('dev has a load test');
      const { reset: _, ...rest } = loadTest;
      return { environment: { ...environment, loadTest: rest }, scaling };
    });
    expect(toldTo('prepare', without).settings.mayReset).toBe(false);
  });

  test('the checklist and the report can ask CloudWatch all that they want to', () => {
    const asked = queriesOf(signals, toldTo('report').settings).map(({ id }) => id);
    expect(asked.length).toBeGreaterThan(35);
    expect(queriesOf(signals, toldTo('gate').settings).map(({ id }) => id)).toEqual(asked);
    const checked = queriesOf(signals, toldTo('prepare').settings).map(({ id }) => id);
    expect(checked).toEqual(expect.arrayContaining(['service_cpu', 'balancer_healthy_hosts', 'database_cpu']));
  });

  test('where things are', () => {
    const store = 's3://LoadTestResults';
    const generators = { cluster: 'LoadTestGeneratorCluster.Arn' };
    const system = {
      service: { cluster: 'StagingCluster', name: 'StagingServiceTasksService.Name' },
      targetGroupArn: 'StagingBalancerListenerTargetsGroup',
      loadBalancerArn: 'StagingBalancer',
      databaseId: 'StagingDatabaseInstance',
    };
    const topicArn = 'NotificationsNotice';
    expect(toldTo('prepare').places).toEqual({ store, generators, system });
    expect(toldTo('gate').places).toEqual({ store });
    expect(toldTo('abort').places).toEqual({ store, generators, system, topicArn });
    expect(toldTo('report').places).toEqual({ store, topicArn, logGroup: 'StagingServiceTasksLog' });
  });

  /** Names that CloudFormation makes have 64 letters and more, ARNs up to 200. */
  const lengthOf = (value: unknown): number => {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null) return 0;
    if ('Fn::Join' in value)
      return (value['Fn::Join'] as [string, unknown[]])[1].reduce<number>((sum, each) => sum + lengthOf(each), 0);
    return /arn|topic|targetgroup|balancer[0-9A-F]{8}/i.test(JSON.stringify(value)) ? 160 : 80;
  };

  test.each(['dev', 'staging', 'perf'] as const)('of %s fits the 4 KB of AWS Lambda, long names and all', (name) => {
    const functions = synthesise(name).of('load-test').findResources('AWS::Lambda::Function');
    const sizes = Object.values(functions).map(({ Properties }) => {
      const { Variables } = (Properties as { Environment: { Variables: Record<string, unknown> } }).Environment;
      return Object.entries(Variables).reduce((sum, [key, value]) => sum + key.length + lengthOf(value), 0);
    });
    expect(sizes).toHaveLength(4);
    expect(sizes.filter((bytes) => bytes > 4096)).toEqual([]);
  });

  test('a system that is there already is known by the names in its ARNs', () => {
    const place = { target: 'https://shop.internal', healthPath: '/', vpcId: 'vpc-1', subnetIds: ['subnet-1'] };
    const arns = {
      loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188',
      targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/shop/73e2d6bc24d8a067',
      serviceArn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/api',
      databaseArn: 'arn:aws:rds:us-east-1:111122223333:db:shop-db',
    };
    const { environment } = configurationOf('dev');
    const { loadBalancerArn, targetGroupArn } = arns;
    const target = existingTarget(new Stack(new App(), 'Own'), environment, arns, { ...place, clientsGroupId: 'sg-1' });
    expect(target.system).toEqual({
      service: { cluster: 'shop', name: 'api' },
      targetGroupArn,
      loadBalancerArn,
      databaseId: 'shop-db',
    });
  });
});
