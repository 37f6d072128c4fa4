import { usdPerMachineHour, usdPerTaskHour } from '../environment/cost/hourly.ts';
import { prices } from '../environment/cost/prices.ts';
import type { Environment } from '../environment/environment.ts';
import { tasksPerMachine } from './policy/task-limits.ts';
import type { Host, SpotRisk } from './simulate/fleet.ts';

/** Of a service whose environment is not known: Fargate tasks of one vCPU, on Graviton. */
const TYPICAL = { cpu: 1024, memoryMiB: 2048, architecture: 'arm64' } as const;

/** Where the tasks of an environment run, and what an hour costs. */
export function hostOf(environment: Environment | undefined): Host {
  const { staging, region = prices.region } = environment ?? {};
  if (staging === undefined)
    return { onDemandTasks: 0, spotShare: 0, usdPerHour: usdPerTaskHour(TYPICAL, region, prices) };
  const { capacity } = staging.service;
  if ('fargate' in capacity) {
    const { onDemandBase, spotShare } = capacity.fargate;
    return { onDemandTasks: onDemandBase, spotShare, usdPerHour: usdPerTaskHour(staging.service, region, prices) };
  }
  const { instanceTypes, min, max, onDemandBase, spotShare } = capacity.ec2;
  const each = tasksPerMachine(staging) ?? 1;
  return {
    machines: { each, min, max },
    onDemandTasks: onDemandBase * each,
    spotShare,
    usdPerHour: usdPerMachineHour(instanceTypes[0] ?? '', region, prices),
  };
}

/**
 * Spot tasks are taken back seldom: less than one in twenty a month, on average over all types and regions.
 * Source: Amazon EC2 User Guide, "Spot Instances", and the Spot Instance advisor.
 */
export const USUAL_SPOT_RISK: SpotRisk = { perTaskHour: 0.05 / 730, seed: 1 };
