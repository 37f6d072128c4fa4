import { z } from 'zod';
import { listed } from '../units.ts';
import { arn } from './arn.ts';
import { BUILT_WITH, offeredVersions, type UsedVersion } from './end-of-support.ts';
import { existingSchema } from './existing.ts';
import { hostName, hostPattern, loadTestSchema } from './load-test.ts';
import { MOST_NODES } from './quotas.ts';

const emails = z.array(z.email({ error: 'is no e-mail address; write name@host' }));
const ratio = z.number().min(0).max(1);

const image = z
  .union([
    z.strictObject({
      build: z.string().min(1).describe('Folder to build from, relative to the repository.'),
      dockerfile: z.string().min(1).optional().describe('Relative to that folder; default Dockerfile.'),
    }),
    z.strictObject({
      ecr: z.string().min(1).describe('Name of an ECR repository in the same account.'),
      tag: z.string().min(1),
    }),
    z.strictObject({ registry: z.string().min(1).describe('Any other image, by its full name with a tag.') }),
  ])
  .describe('What to run: built here, from ECR, or from any registry.');

const fargate = z
  .strictObject({
    onDemandBase: z.int().min(0).describe('Tasks that never run on Spot.'),
    spotShare: ratio.describe('Share of the tasks above the base that run on Spot, 0 to 1.'),
  })
  .describe('No machines to care for; dearer an hour, nothing idle.');

const ec2 = z
  .strictObject({
    instanceTypes: z
      .array(z.string().regex(/^[a-z]+\d[a-z]*\.[\w-]+$/, 'is no instance type; write it as m7g.large'))
      .min(1)
      .describe('Equal in size, so that any will do; the more, the less often Spot runs dry.'),
    min: z.int().min(0).describe('Instances at the least.'),
    max: z.int().min(1).describe('Instances at the most.'),
    onDemandBase: z.int().min(0).describe('Instances that never run on Spot.'),
    spotShare: ratio.describe('Share of the instances above the base that run on Spot, 0 to 1.'),
  })
  .describe('An Auto Scaling group that ECS sizes by itself.');

const capacity = z
  .union([z.strictObject({ fargate }), z.strictObject({ ec2 })])
  .describe('What carries the tasks: fargate or ec2.');

const network = z.strictObject({
  cidr: z
    .string()
    .regex(
      /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/1[67]$/,
      'is no network; write it as 10.20.0.0/16, with a mask of 16 or 17',
    )
    .describe(
      'Address range of the VPC. A mask of 16 or 17 holds a /20 for tasks in each of three zones, and the rest.',
    ),
  egress: z
    .enum(['nat', 'endpoints'])
    .describe('nat: cheaper, and tasks reach the Internet. endpoints: dearer, and no way out but to AWS itself.'),
  natGateways: z
    .int()
    .min(1)
    .max(3)
    .optional()
    .describe('Only with egress nat; default 1. One a zone survives a zone.'),
});

const service = z.strictObject({
  image,
  port: z.int().min(1).max(65_535).describe('Where the container listens.'),
  livePath: z
    .string()
    .startsWith('/', 'must begin with /')
    .describe(
      'Answers 200 while the task itself runs, however its database is: ECS replaces every task that fails here.',
    ),
  healthPath: z
    .string()
    .startsWith('/', 'must begin with /')
    .describe('Answers 200 when the service can work, database and all: what a load test asks before it begins.'),
  metricsPath: z
    .string()
    .startsWith('/', 'must begin with /')
    .optional()
    .describe(
      "Where each task answers with Prometheus text; read while it is loaded. A plan's signals.metrics goes before.",
    ),
  architecture: z.enum(['arm64', 'x86_64']).describe('arm64 is Graviton: about a fifth cheaper for the same work.'),
  cpu: z.int().min(256).describe('CPU units of a task; 1024 are one vCPU.'),
  memoryMiB: z.int().min(512).describe('Memory of a task.'),
  poolSize: z.int().min(1).describe('Database connections a task may open (DB_POOL_MAX).'),
  capacity,
  certificateArn: arn('acm', /certificate\/[\w-]+/, 'certificate/ID')
    .optional()
    .describe('With it the balancer speaks HTTPS; without, HTTP inside the VPC.'),
  hostName: hostName
    .optional()
    .describe('A name that the certificate holds. Inside the VPC it leads to the balancer, and load goes there.'),
  reservedCapacityUnits: z
    .int()
    .min(100, 'is less than the balancer can have reserved; write 100 or more, or leave it out')
    .optional()
    .describe(
      'Capacity units (LCU) that the balancer has from the start, for load that rises faster than it grows; each is billed by the hour.',
    ),
  logRetentionDays: z
    .literal([1, 3, 5, 7, 14, 30, 60, 90])
    .describe('How long logs are stored; the staging test plan asks for 7 days.'),
  command: z.array(z.string()).min(1).optional().describe("Instead of the image's own."),
  environment: z.record(z.string(), z.string()).optional().describe('More environment variables; never a secret.'),
  generatedSecrets: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'is no name of a variable here; write it as TOKEN_SECRET'))
    .optional()
    .describe('Environment variables that get a random value from Secrets Manager, such as a key for tokens.'),
});

const downstream = z
  .strictObject({
    image,
    command: z.array(z.string()).min(1).optional(),
    port: z.int().min(1).max(65_535),
    cpu: z.int().min(256),
    memoryMiB: z.int().min(512),
    tasks: z.int().min(1),
    variable: z.string().min(1).describe("The service's environment variable that gets its address."),
    environment: z.record(z.string(), z.string()).optional(),
  })
  .describe('A service that the one under test calls; not scaled, since it stands for the service of another company.');

const postgresMajors = offeredVersions('postgresql');

const database = z.strictObject({
  engineVersion: z
    .string()
    .regex(
      new RegExp(`^(?:${postgresMajors.join('|')})(?:\\.\\d+)?$`),
      `is no PostgreSQL version here; write a major alone, which takes the minor that RDS prefers: ${listed(postgresMajors)}`,
    )
    .describe('"17" is the minor that RDS prefers on the day; "17.9" is that one, which RDS offers for about a year.'),
  class: z.string().regex(/^[a-z]+\d[a-z]*\.[\w-]+$/, 'is no instance class; write it as m7g.large, without db.'),
  multiAz: z.boolean().describe('A standby in another zone: survives a zone, and doubles the price.'),
  storageGiB: z.int().min(20).max(16_384),
  maxStorageGiB: z.int().min(20).max(65_536).describe('Storage autoscaling grows up to this.'),
  maxConnections: z.int().min(20).max(5000).describe('max_connections; the staging test plan counts on 200.'),
  statementTimeoutMs: z
    .int()
    .min(100)
    .max(3_600_000)
    .optional()
    .describe(
      'The database cancels a statement that takes longer, and a transaction idle for twice as long; default 5000.',
    ),
  backupDays: z.int().min(1).max(35),
  deletionProtection: z.boolean().describe('true also keeps a last snapshot when the stack goes.'),
  proxy: z.boolean().describe('RDS Proxy in front: many tasks share few connections.'),
});

const cache = z.strictObject({
  engineVersion: z
    .string()
    .regex(/^(?:7\.2|[89]\.\d+)$/, 'is no Valkey version here; write "7.2", "8.0" and later, or "9.0" and later'),
  nodeType: z.string().regex(/^[a-z]+\d[a-z]*\.[\w-]+$/, 'is no node type; write it as t4g.small, without cache.'),
  replicas: z
    .int()
    .min(0)
    .max(MOST_NODES - 1)
    .describe('Besides the primary; with one or more it fails over by itself.'),
});

/** The one definition of an environment, as written: types, validation and the JSON Schema all come from here. */
export const environmentSchema = z
  .strictObject({
    region: z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'is no region; write it as us-east-1'),
    account: z
      .string()
      .regex(/^\d{12}$/, 'is no account; write its 12 digits in quotes')
      .optional(),
    availabilityZones: z
      .array(z.string())
      .min(2, { error: 'needs two zones at least: a balancer stands in two' })
      .max(3),
    staging: z
      .strictObject({ network, service, downstream: downstream.optional(), database, cache: cache.optional() })
      .optional()
      .describe('A system to build.'),
    existing: existingSchema.optional().describe('A system that is there already; nothing of it is changed.'),
    notifications: z.strictObject({
      page: emails.describe('Addresses for pages: users are hurt.'),
      notice: emails.describe('Addresses for notices: causes, forerunners and scaling events.'),
    }),
    runbooks: z
      .url({ protocol: /^https$/, error: 'is no https address; leave it out for docs/runbooks of the repository' })
      .optional()
      .describe('Where on-call reads docs/runbooks; without it alarms name the path in the repository.'),
    budget: z
      .strictObject({ monthlyUsd: z.number().positive() })
      .optional()
      .describe('Notice at 80 % spent, page at 100 % forecast.'),
    allow: z
      .array(hostPattern)
      .describe(
        'Hosts that a load test may load besides the balancer built here; *.example.org are all below it, which must be yours.',
      ),
    loadTest: loadTestSchema.optional(),
    tags: z
      .record(z.string().regex(/^(?!aws:)[\w .:/=+@-]{1,128}$/, 'is no name of a tag'), z.string())
      .describe('On every resource; cost allocation goes by them.'),
  })
  .meta({ title: 'Plimsoll environment' });

/** An environment's configuration. */
export type Environment = z.infer<typeof environmentSchema>;
export type StagingConfiguration = NonNullable<Environment['staging']>;
export type NetworkConfiguration = StagingConfiguration['network'];
export type ServiceConfiguration = StagingConfiguration['service'];
export type CapacityConfiguration = ServiceConfiguration['capacity'];
export type FargateConfiguration = z.infer<typeof fargate>;
export type Ec2Configuration = z.infer<typeof ec2>;
export type ImageConfiguration = ServiceConfiguration['image'];
export type DatabaseConfiguration = StagingConfiguration['database'];
export type CacheConfiguration = NonNullable<StagingConfiguration['cache']>;

/**
 * Share of the instances that ECS fills. A tenth stands by, one at least, so that a new task need not wait minutes for a machine;
 * more would be over-provisioning. Source: Amazon ECS Developer Guide, "Optimize Amazon ECS cluster auto scaling": needed ÷ there × 100.
 */
export const USED_PERCENT = 90;

/** Share of max_connections that the proxy takes at the most. */
export const PROXY_SHARE = 0.9;

/** Whether load tests read more of the system than CloudWatch has. */
export const hasCollector = ({ staging, loadTest }: Pick<Environment, 'staging' | 'loadTest'> = {}): boolean =>
  loadTest !== undefined && (staging !== undefined || loadTest.existing?.collect !== undefined);

/** All in an environment whose support ends some day. */
export function versionsUsed({ staging }: Environment): UsedVersion[] {
  const { database: engine, cache: valkey, service: tasks } = staging ?? {};
  const onMachines = tasks !== undefined && 'ec2' in tasks.capacity;
  return [
    ...BUILT_WITH.filter(({ product }) => product !== 'amazon-linux' || onMachines),
    ...(engine ? [{ product: 'postgresql' as const, version: engine.engineVersion }] : []),
    ...(valkey ? [{ product: 'valkey' as const, version: valkey.engineVersion }] : []),
  ];
}
