import { problemIf, type Problem } from '../document/problems.ts';
import { listed } from '../units.ts';
import { didYouMean } from '../document/suggest.ts';
import { signals } from '../signals/index.ts';
import { prices } from './cost/prices.ts';
import type { Environment, StagingConfiguration } from './environment.ts';
import type { LoadTestConfiguration } from './load-test.ts';
import type { ScalingPolicy } from './scaling-policy.ts';

/**
 * What CloudFormation takes and AWS refuses a quarter of an hour later, in the middle of a deployment, or never refuses and never
 * runs. Each rule names its source; here each costs a message instead.
 */
export function refusedAtDeployment(environment: Environment): Problem[] {
  const { staging } = environment;
  return [
    ...otherRegions(environment),
    ...(staging === undefined ? [] : refusedOf(staging)),
    ...(environment.loadTest === undefined ? [] : unheard(environment.loadTest)),
  ];
}

/** The alarm above all those that users feel; it belongs to no signal. */
const COMPOSITE = 'users-are-hurt';

/** A rule for an alarm that does not exist is made without a word, and never fires. Whether this environment has it, synthesis finds out. */
function unheard({ stopOnAlarms }: LoadTestConfiguration): Problem[] {
  const known = [COMPOSITE, ...signals.flatMap(({ cloud }) => cloud?.alarm?.id ?? [])];
  return stopOnAlarms.flatMap((alarm, i) =>
    problemIf(
      !known.includes(alarm),
      ['loadTest', 'stopOnAlarms', i],
      `${alarm} is no alarm${didYouMean(alarm, known)}; docs/runbooks has a page for each`,
    ),
  );
}

function refusedOf(staging: StagingConfiguration): Problem[] {
  const { service, downstream, database } = staging;
  const least = Math.ceil((database.storageGiB * 11) / 10);
  return [
    ...taskSize(service.capacity, service, 'service'),
    ...(downstream === undefined ? [] : taskSize(service.capacity, downstream, 'downstream')),
    ...unreachable(staging),
    ...twice(staging),
    // Amazon RDS User Guide, "Managing capacity automatically with Amazon RDS storage autoscaling".
    ...problemIf(
      database.maxStorageGiB < least,
      ['staging', 'database', 'maxStorageGiB'],
      `${database.maxStorageGiB} is not a tenth more than storageGiB, as RDS wants it; write at least ${least}`,
    ),
  ];
}

/** Memory in MiB that Fargate sells beside so many CPU units. Source: Amazon ECS Developer Guide, "Task CPU and memory". */
const FARGATE_MEMORY: Readonly<Record<number, { from: number; to: number; step: number; but?: number }>> = {
  256: { from: 512, to: 2048, step: 512, but: 1536 },
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16_384, step: 1024 },
  4096: { from: 8192, to: 30_720, step: 1024 },
  8192: { from: 16_384, to: 61_440, step: 4096 },
  16384: { from: 32_768, to: 122_880, step: 8192 },
};

interface Task {
  readonly cpu: number;
  readonly memoryMiB: number;
}

type Capacity = StagingConfiguration['service']['capacity'];

const taskSize = (capacity: Capacity, task: Task, part: 'service' | 'downstream'): Problem[] =>
  'ec2' in capacity ? machineSize(capacity.ec2.instanceTypes, task, part) : fargateSize(task, ['staging', part]);

/** Whether Fargate sells such a task; `path` is where it stands in the configuration. */
export function fargateSize({ cpu, memoryMiB }: Task, path: Problem['path']): Problem[] {
  const memory = FARGATE_MEMORY[cpu];
  if (memory === undefined) {
    const text = `${cpu} is no size of Fargate; write one of ${listed(Object.keys(FARGATE_MEMORY))}`;
    return [{ path: [...path, 'cpu'], text }];
  }
  const { from, to, step, but } = memory;
  const fits = memoryMiB >= from && memoryMiB <= to && memoryMiB % step === 0 && memoryMiB !== but;
  const remedy = `with cpu ${cpu} Fargate has ${from} to ${to} MiB in steps of ${step}${but ? `, but not ${but}` : ''}`;
  return problemIf(!fits, [...path, 'memoryMiB'], `${memoryMiB} does not fit: ${remedy}`);
}

/** Memory that a machine's operating system and the ECS agent use, in MiB: a round figure, which was not measured. */
const SYSTEM_MIB = 512;

/** A task larger than every machine waits for a place for ever. Types that the price table lacks are not checked: their size is unknown. */
function machineSize(types: readonly string[], { cpu, memoryMiB }: Task, part: string): Problem[] {
  return types.flatMap((type) => {
    const machine = prices.ec2[type];
    if (machine === undefined) return [];
    const room = machine.memoryGiB * 1024 - SYSTEM_MIB;
    return [
      ...problemIf(
        cpu > machine.vcpu * 1024,
        ['staging', part, 'cpu'],
        `${cpu} is more than a ${type} has, which is ${machine.vcpu * 1024}; no task would ever find a place`,
      ),
      ...problemIf(
        memoryMiB > room,
        ['staging', part, 'memoryMiB'],
        `${memoryMiB} is more than a ${type} has for tasks, some ${room}; no task would ever find a place`,
      ),
    ];
  });
}

/** Without a way out only AWS answers: images come from ECR, or not at all. */
function unreachable({ network, service, downstream }: StagingConfiguration): Problem[] {
  if (network.egress !== 'endpoints') return [];
  const text = 'cannot be pulled with egress: endpoints; copy it into ECR and write ecr and tag, or write egress: nat';
  return [
    ...problemIf('registry' in service.image, ['staging', 'service', 'image'], text),
    ...problemIf(downstream !== undefined && 'registry' in downstream.image, ['staging', 'downstream', 'image'], text),
  ];
}

/** ECS refuses a variable that is a secret too. Source: Amazon ECS API, ContainerDefinition, secrets. */
function twice({ service, cache }: StagingConfiguration): Problem[] {
  const secrets = new Set([
    'PGUSER',
    'PGPASSWORD',
    ...(cache ? ['REDIS_URL'] : []),
    ...(service.generatedSecrets ?? []),
  ]);
  return Object.keys(service.environment ?? {}).flatMap((name) =>
    problemIf(
      secrets.has(name),
      ['staging', 'service', 'environment', name],
      'is set from a secret already; remove it here',
    ),
  );
}

/** A certificate serves balancers of its own region, and metrics are read in theirs. */
function otherRegions({ region, staging, existing }: Environment): Problem[] {
  const { loadBalancerArn, targetGroupArn, serviceArn, databaseArn, cache } = existing ?? {};
  const arns: readonly [Problem['path'], string | undefined][] = [
    [['staging', 'service', 'certificateArn'], staging?.service.certificateArn],
    [['existing', 'loadBalancerArn'], loadBalancerArn],
    [['existing', 'targetGroupArn'], targetGroupArn],
    [['existing', 'serviceArn'], serviceArn],
    [['existing', 'databaseArn'], databaseArn],
    [['existing', 'cache', 'arn'], cache?.arn],
  ];
  return arns.flatMap(([path, arn]) => {
    const itsRegion = arn?.split(':')[3];
    return problemIf(
      itsRegion !== undefined && itsRegion !== region,
      path,
      `is in ${itsRegion}, and this environment in ${region}; take one of ${region}, or change region`,
    );
  });
}

/** AWS takes two scheduled changes of one name for the same, and of two steps that begin at one value the first has no extent. */
export function ambiguous({ schedule, jump }: ScalingPolicy): Problem[] {
  const steps = (jump?.steps ?? []).map(({ cpuRatio }) => cpuRatio);
  const names = schedule.map(({ name }) => name);
  return [
    ...names.flatMap((name, i) =>
      problemIf(names.indexOf(name) < i, ['schedule', i, 'name'], `${name} stands above already; give it another name`),
    ),
    ...steps.flatMap((ratio, i) =>
      problemIf(
        steps.indexOf(ratio) < i,
        ['jump', 'steps', i, 'cpuRatio'],
        `${ratio} stands above already; write a higher one`,
      ),
    ),
  ];
}
