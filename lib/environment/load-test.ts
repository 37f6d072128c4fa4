import { z } from 'zod';
import { namesUser } from '../document/passwords.ts';
import { arn } from './arn.ts';
import { awsCron, ianaTimezone } from './clock.ts';
import { MOST_WORKERS } from './quotas.ts';

/** What Fargate sells. Source: Amazon ECS Developer Guide, "Task CPU and memory". */
const cpu = z.literal([256, 512, 1024, 2048, 4096, 8192, 16_384]);

const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';

/** A whole name in the DNS, or an address in version 4. */
export const hostName = z
  .string()
  .regex(new RegExp(`^${LABEL}(?:\\.${LABEL})+$`), 'is no name of a host; write it as shop.example.org');

export const hostPattern = z
  .string()
  .regex(
    new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`),
    'is no name of a host; write it as shop.example.org, without scheme and port, or *.example.org for all below it',
  );

const idOf = (kind: string) =>
  z.string().regex(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), `is no such name; write it as ${kind}-0123456789abcdef0`);

/** The task that reads the system beside the load: it waits for replies, mostly, and keeps some megabytes of series. */
export const COLLECTOR_TASK = { cpu: 256, memoryMiB: 512 } as const;

const collect = z
  .strictObject({
    groupId: idOf('sg').describe('A security group that may reach the tasks, the database and the cache.'),
    port: z.int().min(1).max(65_535).describe('Where each task of the service listens.'),
    metricsPath: z.string().startsWith('/', 'must begin with /').exactOptional(),
    database: z
      .strictObject({
        host: hostName,
        port: z.int().min(1).max(65_535),
        name: z.string().regex(/^[\w-]+$/, 'is no name of a database here'),
        resourceId: z
          .string()
          .regex(
            /^(?:db|cluster)-[A-Z0-9]+$/,
            'is no such id; write DbiResourceId, or DbClusterResourceId of a cluster',
          ),
      })
      .exactOptional()
      .describe('Needs IAM authentication, and the role plimsoll_watch: docs/deploy.md.'),
    cacheUrlSecretArn: arn('secretsmanager', /secret:[\w/+=.@-]+/, 'secret:NAME')
      .exactOptional()
      .describe('A secret that holds the address of the cache, token and all: rediss://:TOKEN@HOST:6379.'),
  })
  .describe(
    'What is read of the system beside what CloudWatch has; without it objectives on such signals are refused.',
  );

const schedule = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'is no name; write small letters, digits and -'),
  cron: awsCron,
  timezone: ianaTimezone.optional().describe('IANA name, such as Europe/London; default UTC.'),
  plan: z.string().min(1).describe('Name of a plan in the results bucket.'),
  phases: z.array(z.string().min(1)).min(1).optional().describe('Only these; default all.'),
  workers: z.int().min(1).max(MOST_WORKERS).optional(),
  enabled: z.boolean().describe('Load by the clock is never switched on by accident.'),
});

/** Load tests of an environment, as written. */
export const loadTestSchema = z
  .strictObject({
    workers: z
      .int()
      .min(1)
      .max(40)
      .describe('Generator tasks that share the load, unless an execution says otherwise.'),
    cpu: cpu.describe('CPU units of a task; 1024 are one vCPU, and more than one is seldom of use.'),
    memoryMiB: z.int().min(512).describe('Memory of a task.'),
    image: z
      .strictObject({
        ecr: z.string().min(1).describe('Name of an ECR repository in the same account.'),
        tag: z.string().min(1),
      })
      .exactOptional()
      .describe(
        'Of generator and collector, built from loadgen/Dockerfile for arm64 elsewhere; by default it is built here.',
      ),
    spot: z.boolean().describe('Cheaper; a task that is taken back makes its phase void.'),
    maxHours: z.int().min(1).max(168).describe('An execution that takes longer is ended.'),
    resultDays: z.int().min(1).max(3650).describe('Runs are deleted from the results bucket after so many days.'),
    logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90]),
    stopOnAlarms: z
      .array(z.string().min(1))
      .describe(
        'Alarms, by their names in docs/runbooks, that end a run. What a stress test is meant to reach is no reason.',
      ),
    mitigation: z
      .strictObject({
        desiredTasks: z.int().min(1),
        onFailedObjectives: z
          .boolean()
          .exactOptional()
          .describe('Also when a phase with stopOnFail fails its objectives; default false.'),
      })
      .exactOptional()
      .describe(
        'When such an alarm ends a run, the service is raised to so many tasks. It is recorded how to undo it.',
      ),
    reset: z
      .strictObject({ command: z.array(z.string().min(1)).min(1) })
      .exactOptional()
      .describe(
        "What cleans the test data when an execution asks for it, as a task of the service. It must itself refuse a database that is not test data's.",
      ),
    schedule: z.array(schedule).describe('Runs by the clock.'),
    allowProduction: z
      .array(hostPattern)
      .exactOptional()
      .describe('Hosts that look like production and may be loaded all the same.'),
    existing: z
      .strictObject({
        target: z
          .url({ protocol: /^https?$/, error: 'is no URL; write https://HOST' })
          .refine((url) => !namesUser(url), { error: 'holds a user name, and reports show addresses; leave it out' }),
        healthPath: z.string().startsWith('/', 'must begin with /'),
        vpcId: idOf('vpc'),
        subnetIds: z.array(idOf('subnet')).min(1).describe('With a way to AWS, by NAT or endpoints.'),
        clientsGroupId: idOf('sg').describe('The security group of clients: it may send requests to the target.'),
        collect: collect.exactOptional(),
      })
      .exactOptional()
      .describe('Where an existing system is reached; a built one is known.'),
  })
  .describe('Generators, workflow and results. Without it the environment is built and watched, and never loaded.');

export type LoadTestConfiguration = z.infer<typeof loadTestSchema>;
