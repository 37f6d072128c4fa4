import { expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ShopStack } from '../../examples/own-app/app.ts';

test('somebody else’s application builds the environment, its alarms and its dashboards in a stack of its own', () => {
  const stack = new ShopStack(new App(), 'Shop');
  const template = Template.fromStack(stack);
  const count = (type: string): number => Object.keys(template.findResources(type)).length;
  expect(count('AWS::ECS::Service')).toBe(1);
  expect(count('AWS::CloudWatch::Dashboard')).toBe(3);
  expect(count('AWS::CloudWatch::CompositeAlarm')).toBe(1);
  // Without cache, replica, instances, notices and a measured capacity their alarms are absent, and nothing else is.
  expect([...stack.alarms.alarms.keys()].toSorted()).toEqual([
    'cpu-high',
    'database-connections',
    'database-cpu',
    'database-latency',
    'database-storage',
    'error-rate',
    'memory-high',
    'response-time-p99',
    'rotation-failed',
    'tasks-at-maximum',
    'tasks-short',
    'unhealthy-hosts',
  ]);
});
