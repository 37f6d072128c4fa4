import { signals } from '../../signals/index.ts';
import type { CloudReading } from '../../signals/cloudwatch/cloud.ts';
import {
  type DatabaseConfiguration,
  type Environment,
  type NetworkConfiguration,
  type StagingConfiguration,
  USED_PERCENT,
} from '../environment.ts';
import type { EnvironmentConfiguration } from '../parse.ts';
import type { ScalingPolicy } from '../scaling-policy.ts';
import { checklistEndpoints, networkEndpoints } from '../endpoints.ts';
import { meanLeastTasks } from './week.ts';
import type { PriceTable } from './prices.ts';

/** Hours of a month as AWS counts them: 8,760 / 12. */
export const HOURS = 730;

/** One kind of thing that is paid for. */
export interface Line {
  readonly item: string;
  /** How many on average over a week with the fewest tasks that scaling allows, and how many with the most. */
  readonly least: number;
  readonly most: number;
  /** USD a month for one; undefined where no price is known. */
  readonly usdEach: number | undefined;
}

const hourly = (usd: number | undefined): number | undefined => (usd === undefined ? undefined : usd * HOURS);

const fixed = (item: string, count: number, usdEach: number | undefined): Line => ({
  item,
  least: count,
  most: count,
  usdEach,
});

/** Everything an environment pays for by the hour or month, whatever its traffic. */
export function linesOf({ environment, scaling }: EnvironmentConfiguration, prices: PriceTable): Line[] {
  const { staging, region } = environment;
  // Prices are a region's own: of another one none is known.
  const known = region === prices.region ? prices : undefined;
  const built = staging === undefined ? [] : stagingLines(staging, environment, known);
  const tasks = staging === undefined ? [] : taskLines({ ...staging, scaling }, known);
  return [...tasks, ...built, ...watchLines(environment, known)].filter(({ most }) => most > 0);
}

interface Tasks extends StagingConfiguration {
  readonly scaling: ScalingPolicy;
}

/** Tasks that always run, on average over a week, and at the most. */
const taskCounts = ({ scaling }: Tasks): readonly [least: number, most: number] => [
  meanLeastTasks(scaling) ?? scaling.tasks.min,
  Math.max(scaling.tasks.max, ...scaling.schedule.map(({ max }) => max)),
];

function taskLines(tasks: Tasks, prices: PriceTable | undefined): Line[] {
  const { service, downstream } = tasks;
  const [least, most] = taskCounts(tasks);
  if ('ec2' in service.capacity) return instanceLines(tasks, prices);
  const price = prices?.fargate[service.architecture];
  const usdOf = (cpu: number, memoryMiB: number): number | undefined =>
    price && HOURS * ((cpu / 1024) * price.usdPerVcpuHour + (memoryMiB / 1024) * price.usdPerGibHour);
  return [
    { item: `Fargate task, ${size(service)}`, least, most, usdEach: usdOf(service.cpu, service.memoryMiB) },
    ...(downstream
      ? [
          fixed(
            `Fargate task downstream, ${size(downstream)}`,
            downstream.tasks,
            usdOf(downstream.cpu, downstream.memoryMiB),
          ),
        ]
      : []),
  ];
}

const size = ({ cpu, memoryMiB }: { cpu: number; memoryMiB: number }): string =>
  `${cpu / 1024} vCPU ${memoryMiB / 1024} GiB`;

function instanceLines(tasks: Tasks, prices: PriceTable | undefined): Line[] {
  const { service, downstream } = tasks;
  if (!('ec2' in service.capacity)) return [];
  const { instanceTypes, min, max } = service.capacity.ec2;
  const [type = ''] = instanceTypes;
  const machine = prices?.ec2[type];
  const [least, most] = taskCounts(tasks);
  const hosts = (count: number): number => {
    if (machine === undefined) return min;
    const cpu = count * service.cpu + (downstream?.tasks ?? 0) * (downstream?.cpu ?? 0);
    const filled = Math.ceil(cpu / (machine.vcpu * 1024));
    return Math.min(max, Math.max(min, Math.ceil((filled * 100) / USED_PERCENT)));
  };
  const counts = { least: hosts(least), most: machine === undefined ? max : hosts(most) };
  return [
    { item: `EC2 ${type}`, ...counts, usdEach: hourly(machine?.usdPerHour) },
    { item: 'its disk, 30 GiB gp3', ...counts, usdEach: prices && 30 * prices.usdPerMonth.diskGib },
  ];
}

function stagingLines(staging: StagingConfiguration, environment: Environment, prices: PriceTable | undefined): Line[] {
  const { cache, service, downstream, database } = staging;
  const secrets = 1 + (cache ? 2 : 0) + (service.generatedSecrets?.length ?? 0);
  return [
    ...networkLines(staging.network, environment, prices),
    fixed(
      'reserved capacity unit of the balancer',
      service.reservedCapacityUnits ?? 0,
      hourly(prices?.usdPerHour.reservedCapacityUnit),
    ),
    ...databaseLines(database, prices),
    ...(cache
      ? [fixed(`Valkey cache.${cache.nodeType}`, cache.replicas + 1, hourly(prices?.cache[cache.nodeType]))]
      : []),
    fixed('secret', secrets, prices?.usdPerMonth.secret),
    fixed(
      'private DNS zone',
      (downstream ? 1 : 0) + (service.hostName === undefined ? 0 : 1),
      prices?.usdPerMonth.hostedZone,
    ),
  ];
}

function networkLines(network: NetworkConfiguration, environment: Environment, prices: PriceTable | undefined): Line[] {
  const usd = prices?.usdPerHour;
  const gateways = network.egress === 'nat' ? (network.natGateways ?? 1) : 0;
  const perZone = networkEndpoints.length + (environment.loadTest === undefined ? 0 : checklistEndpoints.length);
  const endpoints = network.egress === 'nat' ? 0 : perZone * environment.availabilityZones.length;
  return [
    fixed('NAT gateway', gateways, hourly(usd?.natGateway)),
    fixed('public IPv4 address', gateways, hourly(usd?.publicAddress)),
    fixed('interface endpoint in a zone', endpoints, hourly(usd?.endpointZone)),
    fixed('load balancer', 1, hourly(usd?.balancer)),
  ];
}

function databaseLines(database: DatabaseConfiguration, prices: PriceTable | undefined): Line[] {
  const machine = prices?.database[database.class];
  const instances = database.multiAz ? 2 : 1;
  const proxied = database.proxy ? (machine?.vcpu ?? 1) : 0;
  return [
    fixed(`RDS PostgreSQL db.${database.class}`, instances, hourly(machine?.usdPerHour)),
    fixed('GiB of its storage', instances * database.storageGiB, prices?.usdPerMonth.databaseGib),
    fixed('vCPU behind RDS Proxy', proxied, machine && hourly(prices?.usdPerHour.proxyVcpu)),
  ];
}

/** Target tracking makes two alarms a policy, of which there are three; the jump makes one. */
const SCALING_ALARMS = 7;

function watchLines({ staging }: Environment, prices: PriceTable | undefined): Line[] {
  const alarmed = signals.flatMap(({ cloud }) => (cloud?.alarm ? metricCount(cloud.reading) : []));
  const metrics = alarmed.reduce((sum, count) => sum + count, staging === undefined ? 0 : SCALING_ALARMS);
  return [
    fixed('alarm, by metric (at the most)', metrics, prices?.usdPerMonth.alarmMetric),
    fixed('composite alarm', 1, prices?.usdPerMonth.compositeAlarm),
    fixed('dashboard', 3, prices?.usdPerMonth.dashboard),
    fixed('encryption key', 1, prices?.usdPerMonth.key),
    fixed('Container Insights', staging === undefined ? 0 : 1, undefined),
  ];
}

function metricCount(reading: CloudReading): number {
  if ('quantity' in reading) return 0;
  return 'math' in reading ? Object.values(reading.using).reduce((sum, part) => sum + metricCount(part), 0) : 1;
}
