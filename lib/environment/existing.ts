import { z } from 'zod';
import { arn } from './arn.ts';
import { MOST_NODES } from './quotas.ts';

/** A system that is there already, by its names in AWS. */
export const existingSchema = z.strictObject({
  loadBalancerArn: arn('elasticloadbalancing', /loadbalancer\/app\/[\w-]+\/\w+/, 'loadbalancer/app/NAME/ID').describe(
    'An Application Load Balancer.',
  ),
  targetGroupArn: arn('elasticloadbalancing', /targetgroup\/[\w-]+\/\w+/, 'targetgroup/NAME/ID'),
  serviceArn: arn('ecs', /service\/[\w-]+\/[\w-]+/, 'service/CLUSTER/NAME'),
  databaseArn: arn('rds', /db:[\w-]+/, 'db:NAME')
    .optional()
    .describe('An RDS instance; of Aurora or a Multi-AZ cluster the one that writes.'),
  cache: z
    .strictObject({
      arn: arn('elasticache', /replicationgroup:[\w-]+/, 'replicationgroup:NAME'),
      nodes: z.int().min(1).max(MOST_NODES).describe('Primary and replicas; no ARN says how many there are.'),
    })
    .optional()
    .describe('A replication group of one shard, Valkey or Redis OSS.'),
  autoScalingGroupName: z.string().min(1).optional(),
  capacityProviderName: z.string().min(1).optional(),
  // Source: CloudWatch Logs API, CreateLogGroup.
  logGroupName: z
    .string()
    .regex(/^[\w./#-]{1,512}$/, 'is no name of a log group')
    .optional()
    .describe('Where the service logs, in CloudWatch Logs; dashboards and reports read it.'),
  maxConnections: z
    .int()
    .min(1)
    .optional()
    .describe('max_connections of the database; with a proxy, what it may take of them.'),
  databaseProxyName: z.string().min(1).optional().describe('An RDS Proxy in front of it.'),
  databaseStorageGiB: z.int().min(1).optional(),
  maxInstances: z.int().min(1).optional(),
});

export type ExistingSystem = z.infer<typeof existingSchema>;
