import type { Problem } from '../document/problems.ts';
import type { Environment } from './environment.ts';
import type { LoadTestConfiguration } from './load-test.ts';
import { fargateSize } from './refused.ts';
import { say } from './sentence.ts';
import type { ScalingPolicy } from './scaling-policy.ts';

/** A built system is known; one that was there must be found. */
export function loadTestProblems(loadTest: LoadTestConfiguration, isBuilt: boolean): Problem[] {
  const text = isBuilt
    ? 'is for systems that are there already; remove it'
    : 'must say where the existing system is reached: target, healthPath, vpcId, subnetIds, clientsGroupId';
  const path = ['loadTest', ...(loadTest.existing === undefined ? [] : ['existing'])];
  return [
    ...fargateSize(loadTest, ['loadTest']),
    ...say((loadTest.existing !== undefined) === isBuilt, path, text),
    ...say(
      !isBuilt && loadTest.reset !== undefined,
      ['loadTest', 'reset'],
      'is for a system built here, whose task is known; remove it',
    ),
  ];
}

/** Application Auto Scaling takes back what is above its maximum, with the next of its decisions. */
export function mitigation({ loadTest }: Environment, { tasks }: ScalingPolicy): Problem[] {
  const wanted = loadTest?.mitigation?.desiredTasks ?? 0;
  const text = `${wanted} is more than scaling allows, which is ${tasks.max}; write at most that`;
  return say(wanted > tasks.max, ['loadTest', 'mitigation', 'desiredTasks'], text);
}
