import { problemIf, type Problem } from '../document/problems.ts';
import type { DatabaseConfiguration, Environment, StagingConfiguration } from './environment.ts';
import type { LoadTestConfiguration } from './load-test.ts';
import { ambiguous, fargateSize, refusedAtDeployment } from './refused.ts';
import { coversHost, sharedDomainOf } from './hosts.ts';
import type { ScalingPolicy } from './scaling-policy.ts';

interface Found {
  readonly environment: readonly Problem[];
  readonly scaling: readonly Problem[];
}

/** What no schema can say, because it is about two values at once. The policy is undefined where it could not be read. */
export function checkEnvironment(environment: Environment, scaling: ScalingPolicy | undefined): Found {
  const { staging, loadTest } = environment;
  return {
    environment: [
      ...oneSystem(environment),
      ...zones(environment),
      ...refusedAtDeployment(environment),
      ...strangers(['allow'], environment.allow),
      ...strangers(['loadTest', 'allowProduction'], loadTest?.allowProduction ?? []),
      ...(staging === undefined ? [] : stagingProblems(staging, environment.availabilityZones.length)),
      ...(loadTest === undefined ? [] : loadTestProblems(loadTest, environment)),
      ...(scaling === undefined ? [] : mitigation(environment, scaling)),
      ...(staging === undefined || scaling === undefined ? [] : connections(staging, scaling)),
    ],
    scaling: scaling === undefined ? [] : checkPolicy(scaling),
  };
}

/** Of a policy by itself. */
export const checkPolicy = (scaling: ScalingPolicy): Problem[] => [...bounds(scaling), ...ambiguous(scaling)];

function oneSystem({ staging, existing }: Environment): Problem[] {
  const text = 'give exactly one of staging (a system to build) and existing (one that is there already)';
  return problemIf(
    (staging === undefined) === (existing === undefined),
    existing === undefined ? [] : ['existing'],
    text,
  );
}

/** Whatever could be registered there tomorrow could be loaded: a host of one's own is named, or a domain of one's own. */
function strangers(path: Problem['path'], allow: readonly string[]): Problem[] {
  return allow.flatMap((allowed, i) => {
    const shared = sharedDomainOf(allowed);
    const text = `${allowed} covers what anybody may register below ${shared}; name the host, or a domain of your own`;
    return problemIf(shared !== undefined, [...path, i], text);
  });
}

function zones({ region, availabilityZones }: Environment): Problem[] {
  return availabilityZones.flatMap((zone, i) =>
    problemIf(
      !(zone.startsWith(region) && zone.length === region.length + 1),
      ['availabilityZones', i],
      `${zone} is no zone of ${region}; write it as ${region}a`,
    ),
  );
}

function stagingProblems(staging: StagingConfiguration, zoneCount: number): Problem[] {
  const { network, service } = staging;
  return [
    ...problemIf(
      network.egress === 'endpoints' && network.natGateways !== undefined,
      ['staging', 'network', 'natGateways'],
      'has no meaning with egress: endpoints; remove it, or write egress: nat',
    ),
    ...problemIf(
      (network.natGateways ?? 1) > zoneCount,
      ['staging', 'network', 'natGateways'],
      `${network.natGateways} gateways need as many zones, and there are ${zoneCount}`,
    ),
    ...capacityProblems(service),
    ...certified(service),
  ];
}

/** No certificate holds the name that AWS gives a balancer, so requests to it fail in the TLS handshake. */
function certified({ certificateArn, hostName: name }: StagingConfiguration['service']): Problem[] {
  return [
    ...problemIf(
      certificateArn !== undefined && name === undefined,
      ['staging', 'service', 'certificateArn'],
      "needs service.hostName, a name that the certificate holds: it is no certificate of the balancer's own name",
    ),
    ...problemIf(
      certificateArn === undefined && name !== undefined,
      ['staging', 'service', 'hostName'],
      'has no meaning without certificateArn; add one that holds the name, or remove this',
    ),
  ];
}

/** Graviton families carry a g after their generation: m7g, c7gn, t4g, r8gd. Source: Amazon EC2 instance naming conventions. */
export const isGraviton = (type: string): boolean => /^[a-z]+\d+[a-z]*g[a-z]*\./.test(type);

function capacityProblems({ capacity, architecture }: StagingConfiguration['service']): Problem[] {
  if (!('ec2' in capacity)) return [];
  const { ec2 } = capacity;
  const path = ['staging', 'service', 'capacity', 'ec2'];
  return [
    ...ec2.instanceTypes.flatMap((type, i) =>
      problemIf(
        isGraviton(type) !== (architecture === 'arm64'),
        [...path, 'instanceTypes', i],
        `${type} does not run ${architecture}; choose types of one architecture, or change service.architecture`,
      ),
    ),
    ...problemIf(ec2.min > ec2.max, [...path, 'min'], tooMany(ec2)),
  ];
}

/** Of a system built here the address is known; of one that existed before, the configuration must give it. */
function loadTestProblems(loadTest: LoadTestConfiguration, { staging, allow }: Environment): Problem[] {
  const isBuilt = staging !== undefined;
  const text = isBuilt
    ? 'is for systems that are there already; remove it'
    : 'must say where the existing system is reached: target, healthPath, vpcId, subnetIds, clientsGroupId';
  const path = ['loadTest', ...(loadTest.existing === undefined ? [] : ['existing'])];
  return [
    ...fargateSize(loadTest, ['loadTest']),
    ...problemIf((loadTest.existing !== undefined) === isBuilt, path, text),
    ...problemIf(
      !isBuilt && loadTest.reset !== undefined,
      ['loadTest', 'reset'],
      'is for a system built here, whose task is known; remove it',
    ),
    ...(loadTest.existing === undefined ? [] : notAllowed(loadTest.existing.target, allow)),
  ];
}

/** Of a system that was there before nothing may be loaded that is not named, so every run would be refused. */
function notAllowed(target: string, allow: readonly string[]): Problem[] {
  const host = URL.parse(target)?.hostname ?? '';
  const text = `has the host ${host}, which allow does not name, so every run would be refused; add it there`;
  return problemIf(!allow.some((each) => coversHost(each, host)), ['loadTest', 'existing', 'target'], text);
}

/** Application Auto Scaling takes back what is above its maximum, with the next of its decisions. */
function mitigation({ loadTest }: Environment, { tasks }: ScalingPolicy): Problem[] {
  const wanted = loadTest?.mitigation?.desiredTasks ?? 0;
  const text = `${wanted} is more than scaling allows, which is ${tasks.max}; write at most that`;
  return problemIf(wanted > tasks.max, ['loadTest', 'mitigation', 'desiredTasks'], text);
}

/** Connections that people, migrations and RDS itself need beside the pools. */
const RESERVED_SHARE = 0.1;

/** Connections of the database that pools may take together. */
export const roomForPools = ({ maxConnections }: Pick<DatabaseConfiguration, 'maxConnections'>): number =>
  Math.floor(maxConnections * (1 - RESERVED_SHARE));

/** At full scale the pools must fit the database, or scaling out is what brings it down. */
function connections({ service, database }: StagingConfiguration, { tasks, schedule }: ScalingPolicy): Problem[] {
  const most = Math.max(tasks.max, ...schedule.map(({ max }) => max));
  const wanted = most * service.poolSize;
  const room = roomForPools(database);
  return problemIf(
    !database.proxy && wanted > room,
    ['staging', 'service', 'poolSize'],
    `${most} tasks with ${service.poolSize} connections each are ${wanted}, and of maxConnections ${database.maxConnections} ` +
      `${room} are for pools; write at most ${Math.floor(room / most)}, scale to fewer tasks, or switch database.proxy on`,
  );
}

const tooMany = ({ min, max }: { min: number; max: number }): string => `${min} is more than max, which is ${max}`;

function bounds({ tasks, schedule, jump, cpu }: ScalingPolicy): Problem[] {
  return [
    ...problemIf(tasks.min > tasks.max, ['tasks', 'min'], tooMany(tasks)),
    ...schedule.flatMap((entry, i) => problemIf(entry.min > entry.max, ['schedule', i, 'min'], tooMany(entry))),
    ...(jump?.steps ?? []).flatMap(({ cpuRatio }, i) =>
      problemIf(
        cpuRatio <= cpu.targetRatio,
        ['jump', 'steps', i, 'cpuRatio'],
        `${cpuRatio} is not above cpu.targetRatio ${cpu.targetRatio}; a jump begins beyond what target tracking holds`,
      ),
    ),
  ];
}
