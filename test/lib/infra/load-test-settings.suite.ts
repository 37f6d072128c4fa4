import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { surroundings } from '../../../lambda/surroundings.ts';
import { existingTarget } from '../../../lib/infra/load-test-target.ts';
import { configurationOf, type EnvironmentName } from './configurations.ts';
import { functionOf, STEPS, the } from './load-test-template.ts';
import { synthesise } from './synthesise.ts';

const staging = synthesise('staging');

describe('what the functions are told', () => {
  const toldIn = (name: EnvironmentName, step = 'Gate', from = synthesise(name)) => {
    const { Variables } = functionOf(from, step)['Environment'] as { Variables: Record<string, string> };
    return surroundings(Variables);
  };

  test('the settings of staging', () => {
    expect(toldIn('staging').settings).toMatchObject({
      environment: 'plimsoll-staging',
      target: 'http://StagingBalancer.DNSName',
      healthPath: '/health',
      allow: { hosts: ['*.elb.amazonaws.com'], production: [] },
      workers: 4,
      // 1024 CPU units.
      taskVcpus: 1,
      capacity: 'on-demand',
      barrierSeconds: 300,
      mitigation: {
        desiredTasks: 8,
        undo: 'aws ecs update-service --cluster StagingCluster --service StagingServiceTasksService.Name --desired-count',
      },
      mayReset: true,
      links: 'https://us-east-1.console.aws.amazon.com/s3/object/LoadTestResults?region=us-east-1&prefix=',
    });
  });

  test('those of dev: Spot, and the service is never raised', () => {
    const { settings } = toldIn('dev');
    expect(settings).toMatchObject({ workers: 1, capacity: 'spot', mayReset: true });
    expect(settings.mitigation).toBeUndefined();
  });

  test('without a task that cleans, data may not be cleaned', () => {
    const without = synthesise('dev', ({ environment, scaling }) => {
      const { loadTest } = environment;
      if (loadTest === undefined) throw new Error('dev has a load test');
      const { reset: _, ...rest } = loadTest;
      return { environment: { ...environment, loadTest: rest }, scaling };
    });
    expect(toldIn('dev', 'Prepare', without).settings.mayReset).toBe(false);
  });

  test('each of the four the same places', () => {
    const { Family } = the(staging, 'AWS::ECS::TaskDefinition', 'LoadTestGeneratorTask');
    for (const step of STEPS)
      expect(toldIn('staging', step).places).toEqual({
        store: 's3://LoadTestResults',
        generators: { cluster: 'LoadTestGeneratorCluster.Arn', family: Family },
        system: {
          service: { cluster: 'StagingCluster', name: 'StagingServiceTasksService.Name' },
          targetGroupArn: 'StagingBalancerListenerTargetsGroup',
          loadBalancerArn: 'StagingBalancer',
          databaseId: 'StagingDatabaseInstance',
        },
        topicArn: 'NotificationsNotice',
      });
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
