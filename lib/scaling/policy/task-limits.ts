import { roomForPools } from '../../environment/checks.ts';
import { prices } from '../../environment/cost/prices.ts';
import type { StagingConfiguration } from '../../environment/environment.ts';
import type { TaskCapacity } from '../task-capacity.ts';

/** Something that ends scaling out, however much load there is. */
export interface TaskLimit {
  readonly resource: 'database connections' | 'cache connections' | 'machines' | 'shared resource';
  readonly mostTasks: number;
  /** The arithmetic, and what to do where more tasks are needed. */
  readonly because: string;
  readonly remedy: string;
}

/** Every limit that an environment sets to its number of tasks, the narrowest first. */
export function taskLimits(staging: StagingConfiguration | undefined, measured: TaskCapacity): TaskLimit[] {
  const all = [
    ...(staging === undefined ? [] : [...databaseLimit(staging), ...cacheLimit(staging), ...machineLimit(staging)]),
    ...sharedResourceLimit(measured),
  ];
  return all.toSorted((a, b) => a.mostTasks - b.mostTasks);
}

function databaseLimit({ service, database }: StagingConfiguration): TaskLimit[] {
  // RDS Proxy shares its connections among all tasks: what waits then is a request, and no task is refused.
  if (database.proxy) return [];
  const room = roomForPools(database);
  const mostTasks = Math.floor(room / service.poolSize);
  return [
    {
      resource: 'database connections',
      mostTasks,
      because: `${service.poolSize} connections a task, and ${room} of maxConnections ${database.maxConnections} are for pools: ${room} / ${service.poolSize} = ${mostTasks}`,
      remedy:
        'lower service.poolSize, switch database.proxy on, or take a larger database.class and raise maxConnections; then search for the capacity again',
    },
  ];
}

/** A connection for commands, and one while it reconnects. */
const CACHE_CONNECTIONS = 2;
/**
 * "Individual … nodes support up to 65,000 concurrent client connections" (Amazon ElastiCache User Guide, "Large number of connections"). Of
 * burstable types older ones took fewer, which that page does not repeat: the figure is a cautious one of our own.
 */
const CACHE_CLIENTS = 65_000;
const BURSTABLE_CLIENTS = 20_000;

function cacheLimit({ cache }: StagingConfiguration): TaskLimit[] {
  if (cache === undefined) return [];
  const clients = cache.nodeType.startsWith('t') ? BURSTABLE_CLIENTS : CACHE_CLIENTS;
  return [
    {
      resource: 'cache connections',
      mostTasks: Math.floor(clients / CACHE_CONNECTIONS),
      because: `${CACHE_CONNECTIONS} connections a task, and a node of cache.${cache.nodeType} takes ${clients}`,
      remedy: 'take a larger cache.nodeType',
    },
  ];
}

/** Memory that a machine's system and agent use, in MiB (lib/environment/refused.ts). */
const MACHINE_MIB = 512;

/** Tasks that a machine of these types holds, of the smallest; undefined where none has a known size. */
export function tasksPerMachine({ service }: StagingConfiguration): number | undefined {
  if (!('ec2' in service.capacity)) return undefined;
  const held = service.capacity.ec2.instanceTypes.flatMap((type) => {
    const machine = prices.ec2[type];
    if (machine === undefined) return [];
    const byCpu = Math.floor((machine.vcpu * 1024) / service.cpu);
    return Math.min(byCpu, Math.floor((machine.memoryGiB * 1024 - MACHINE_MIB) / service.memoryMiB));
  });
  return held.length === 0 ? undefined : Math.min(...held);
}

function machineLimit(staging: StagingConfiguration): TaskLimit[] {
  const { capacity, cpu } = staging.service;
  const each = tasksPerMachine(staging);
  if (!('ec2' in capacity) || each === undefined) return [];
  const { max } = capacity.ec2;
  // The service that is called stands on the same machines.
  const called = staging.downstream === undefined ? 0 : (staging.downstream.tasks * staging.downstream.cpu) / cpu;
  const mostTasks = Math.max(0, Math.floor(max * each - called));
  return [
    {
      resource: 'machines',
      mostTasks,
      because: `${max} machines at the most, ${each} tasks on each${called > 0 ? ', less the service that is called' : ''}`,
      remedy:
        'raise capacity.ec2.max, or take larger instanceTypes; see that the quota of vCPU allows it (npm run cost)',
    },
  ];
}

/** With fewer the loss of one task is an outage. */
const REDUNDANT = 2;

function sharedResourceLimit({ sharedLimit, tasks }: TaskCapacity): TaskLimit[] {
  if (sharedLimit === undefined) return [];
  return [
    {
      resource: 'shared resource',
      mostTasks: Math.max(tasks, REDUNDANT),
      because: `${sharedLimit} gave way first, with ${tasks} ${tasks === 1 ? 'task' : 'tasks'}: more tasks would share the same of it`,
      remedy: `give ${sharedLimit} more, and search for the capacity again`,
    },
  ];
}
