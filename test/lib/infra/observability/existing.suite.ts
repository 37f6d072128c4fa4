import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { existingSystem } from '../../../../lib/infra/observability/existing.ts';
import { ServiceAlarms } from '../../../../lib/infra/observability/service-alarms.ts';
import { configurationOf } from '../configurations.ts';
import { synthesise } from '../synthesise.ts';

describe('a system that is there already', () => {
  const existing = {
    loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188',
    targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/shop/73e2d6bc24d8a067',
    serviceArn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/api',
    databaseArn: 'arn:aws:rds:us-east-1:111122223333:db:shop-db',
    cache: { arn: 'arn:aws:elasticache:us-east-1:111122223333:replicationgroup:shop-cache', nodes: 2 },
  };
  const { scaling } = configurationOf('dev');

  test('its ARNs give the dimensions that CloudWatch knows', () => {
    expect(existingSystem(existing, scaling)).toEqual({
      resources: {
        loadBalancer: [{ LoadBalancer: 'app/shop/50dc6c495c0c9188' }],
        targetGroup: [{ LoadBalancer: 'app/shop/50dc6c495c0c9188', TargetGroup: 'targetgroup/shop/73e2d6bc24d8a067' }],
        service: [{ ClusterName: 'shop', ServiceName: 'api' }],
        insights: [{ ClusterName: 'shop', ServiceName: 'api' }],
        database: [{ DBInstanceIdentifier: 'shop-db' }],
        cache: [
          { CacheClusterId: 'shop-cache-001', CacheNodeId: '0001' },
          { CacheClusterId: 'shop-cache-002', CacheNodeId: '0001' },
        ],
      },
      quantities: { maxTasks: 4 },
    });
  });

  test('only the observability stack is built, and nothing of the system is touched', () => {
    const { templates, resources } = synthesise('dev', (configuration) => {
      const { staging: _, loadTest: __, ...environment } = configuration.environment;
      return { ...configuration, environment: { ...environment, existing } };
    });
    expect([...templates.keys()]).toEqual(['plimsoll-dev-observability']);
    const types = new Set([...resources.values()].map(({ Type }) => Type.split('::')[1] ?? ''));
    expect([...types].toSorted()).toEqual(['Budgets', 'CloudWatch', 'Events', 'KMS', 'SNS']);
  });

  test('what is unknown has no alarm: connections need max_connections', () => {
    const stack = new Stack(new App(), 'Own');
    const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:team');
    const { alarms, usersAreHurt } = new ServiceAlarms(stack, 'Alarms', {
      system: existingSystem(existing, scaling),
      topics: { page: topic, notice: topic },
      prefix: 'own',
      runbooks: 'https://example.org/runbooks',
    });
    expect(alarms.has('database-cpu')).toBe(true);
    expect(alarms.has('database-connections')).toBe(false);
    expect(usersAreHurt).toBeDefined();
  });
});
