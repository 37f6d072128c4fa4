import { hasCollector, type StagingConfiguration } from '../environment.ts';
import { COLLECTOR_TASK, type LoadTestConfiguration } from '../load-test.ts';
import type { EnvironmentConfiguration } from '../parse.ts';
import { prices } from './prices.ts';

/** What an account has to allow, at full scale and in a deployment. */
export interface WantedQuota {
  /** As Service Quotas calls it, and by its code there. */
  readonly name: string;
  readonly code: string;
  readonly service: 'ec2' | 'fargate';
  /** Undefined where a machine's size is not known. */
  readonly wanted: number | undefined;
}

interface Spread {
  readonly onDemandBase: number;
  readonly spotShare: number;
}

interface Split {
  readonly onDemand: number;
  readonly spot: number;
}

/** As Spot and on demand share the parts, rounded up on both sides. */
const splitOf = (count: number, { onDemandBase, spotShare }: Spread): Split => {
  const above = Math.max(0, count - onDemandBase);
  return {
    onDemand: Math.min(count, onDemandBase) + Math.ceil(above * (1 - spotShare)),
    spot: Math.ceil(above * spotShare),
  };
};

const NOTHING: Split = { onDemand: 0, spot: 0 };
const CPU_UNITS = 1024;

/** A deployment adds before it takes away: the services' maximum is 200 % (lib/infra/staging/workload.ts). */
const IN_DEPLOYMENT = 2;

/**
 * The quotas that an environment reaches for; a new account has as few as 5 vCPU of some. Codes: Service Quotas, of Amazon EC2 and AWS Fargate.
 */
export function wantedQuotas({ environment, scaling }: EnvironmentConfiguration): WantedQuota[] {
  const { staging, loadTest } = environment;
  const most = Math.max(scaling.tasks.max, ...scaling.schedule.map(({ max }) => max));
  const machines = staging === undefined ? NOTHING : machineVcpus(staging);
  const tasks = staging === undefined ? NOTHING : taskVcpus(staging, most);
  const load = loadTest === undefined ? NOTHING : loadVcpus(loadTest);
  const collector = hasCollector(environment) ? COLLECTOR_TASK.cpu / CPU_UNITS : 0;
  const { network } = staging ?? {};
  const addresses = network?.egress === 'nat' ? (network.natGateways ?? 1) : 0;
  const all: readonly WantedQuota[] = [
    { name: 'Running On-Demand Standard instances', code: 'L-1216C47A', service: 'ec2', wanted: machines?.onDemand },
    { name: 'All Standard Spot Instance Requests', code: 'L-34B43A08', service: 'ec2', wanted: machines?.spot },
    { name: 'EC2-VPC Elastic IPs', code: 'L-0263D0A3', service: 'ec2', wanted: addresses },
    {
      name: 'Fargate On-Demand vCPU resource count',
      code: 'L-3032A538',
      service: 'fargate',
      wanted: tasks.onDemand + load.onDemand + collector,
    },
    {
      name: 'Fargate Spot vCPU resource count',
      code: 'L-36FBB829',
      service: 'fargate',
      wanted: tasks.spot + load.spot,
    },
  ];
  return all.filter(({ wanted }) => wanted !== 0);
}

/** Setup, checks and teardown are one task of a generator's size, never on Spot, while no generator runs. */
function loadVcpus({ workers, cpu, spot }: Pick<LoadTestConfiguration, 'workers' | 'cpu' | 'spot'>): Split {
  const [one, all] = [cpu / CPU_UNITS, (workers * cpu) / CPU_UNITS];
  return spot ? { onDemand: one, spot: all } : { onDemand: all, spot: 0 };
}

/** The largest of the types, since any of them may be what there is. Undefined where none is in the table. */
function machineVcpus({ service: { capacity } }: StagingConfiguration): Split | undefined {
  if (!('ec2' in capacity)) return NOTHING;
  const sizes = capacity.ec2.instanceTypes.map((type) => prices.ec2[type]?.vcpu ?? Number.NaN);
  const vcpus = Math.max(...sizes);
  if (Number.isNaN(vcpus)) return undefined;
  const { onDemand, spot } = splitOf(capacity.ec2.max, capacity.ec2);
  return { onDemand: onDemand * vcpus, spot: spot * vcpus };
}

function taskVcpus({ service, downstream }: StagingConfiguration, most: number): Split {
  const { capacity } = service;
  if (!('fargate' in capacity)) return NOTHING;
  const parts = [
    { count: most, cpu: service.cpu },
    ...(downstream ? [{ count: downstream.tasks, cpu: downstream.cpu }] : []),
  ];
  return parts.reduce((sum, { count, cpu }) => {
    const { onDemand, spot } = splitOf(count * IN_DEPLOYMENT, capacity.fargate);
    const each = cpu / CPU_UNITS;
    return { onDemand: sum.onDemand + onDemand * each, spot: sum.spot + spot * each };
  }, NOTHING);
}
