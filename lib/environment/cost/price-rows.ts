/** What a price is of, and so what its name means: a type of machine, a part of a Fargate task, or something by the hour, month or use. */
export type PriceGroup = 'ec2' | 'fargate' | 'database' | 'cache' | 'hour' | 'month' | 'use';

/** A price of the list, in USD: of which month or day, and where it was read. */
export interface PriceRow {
  readonly group: PriceGroup;
  readonly name: string;
  readonly usd: number;
  /** The day or the month that it is of. */
  readonly asOf: string;
  readonly source: string;
}

/** The region of all rows, on demand, Linux. */
export const PRICED_REGION = 'us-east-1';

/** How a source begins that was not compared. */
export const UNCOMPARED = 'from memory';

const memory = (page: string): string => `${UNCOMPARED}, not compared with aws.amazon.com/${page}`;

type Written = readonly [PriceGroup, name: string, usd: number, asOf: string, source: string];

/** One row a line: `npm run prices -- --write` replaces lines by what the Price List API says. */
const written: readonly Written[] = [
  ['ec2', 't4g.medium', 0.0336, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 't4g.large', 0.0672, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 't3.medium', 0.0416, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 't3.large', 0.0832, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'm6g.large', 0.077, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'm6g.xlarge', 0.154, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'm7g.large', 0.0816, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'm7g.xlarge', 0.1632, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'm6i.large', 0.096, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'm6i.xlarge', 0.192, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'm7i.large', 0.1008, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'm7i.xlarge', 0.2016, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'c6g.large', 0.068, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'c6i.large', 0.085, '2025-06', memory('ec2/pricing/on-demand')],
  ['ec2', 'c7g.large', 0.0725, '2025-06', memory('ec2/pricing/on-demand')],
  ['fargate', 'x86_64 vCPU', 0.04048, '2025-06', memory('fargate/pricing')],
  ['fargate', 'x86_64 GiB', 0.004445, '2025-06', memory('fargate/pricing')],
  ['fargate', 'arm64 vCPU', 0.03238, '2025-06', memory('fargate/pricing')],
  ['fargate', 'arm64 GiB', 0.00356, '2025-06', memory('fargate/pricing')],
  ['database', 't4g.micro', 0.016, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 't4g.small', 0.032, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 't4g.medium', 0.065, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 't4g.large', 0.129, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 't3.micro', 0.018, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 't3.small', 0.036, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 't3.medium', 0.072, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 'm6g.large', 0.159, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 'm6g.xlarge', 0.318, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 'm6i.large', 0.178, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 'm6i.xlarge', 0.356, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 'm7g.large', 0.168, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 'm7g.xlarge', 0.337, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 'r6g.large', 0.225, '2025-06', memory('rds/postgresql/pricing')],
  ['database', 'r7g.large', 0.239, '2025-06', memory('rds/postgresql/pricing')],
  ['cache', 't4g.micro', 0.0128, '2025-06', memory('elasticache/pricing')],
  ['cache', 't4g.small', 0.0256, '2025-06', memory('elasticache/pricing')],
  ['cache', 't4g.medium', 0.052, '2025-06', memory('elasticache/pricing')],
  ['cache', 'm6g.large', 0.1192, '2025-06', memory('elasticache/pricing')],
  ['cache', 'm7g.large', 0.1264, '2025-06', memory('elasticache/pricing')],
  ['cache', 'r6g.large', 0.1648, '2025-06', memory('elasticache/pricing')],
  ['cache', 'r7g.large', 0.1752, '2025-06', memory('elasticache/pricing')],
  ['hour', 'natGateway', 0.045, '2025-06', memory('vpc/pricing')],
  ['hour', 'endpointZone', 0.01, '2025-06', memory('privatelink/pricing')],
  ['hour', 'balancer', 0.0225, '2025-06', memory('elasticloadbalancing/pricing')],
  ['hour', 'reservedCapacityUnit', 0.008, '2025-06', memory('elasticloadbalancing/pricing')],
  ['hour', 'publicAddress', 0.005, '2025-06', memory('vpc/pricing')],
  ['hour', 'proxyVcpu', 0.015, '2025-06', memory('rds/proxy/pricing')],
  ['month', 'diskGib', 0.08, '2025-06', memory('ebs/pricing')],
  ['month', 'databaseGib', 0.115, '2025-06', memory('rds/postgresql/pricing')],
  ['month', 'secret', 0.4, '2025-06', memory('secrets-manager/pricing')],
  ['month', 'key', 1, '2025-06', memory('kms/pricing')],
  ['month', 'alarmMetric', 0.1, '2025-06', memory('cloudwatch/pricing')],
  ['month', 'compositeAlarm', 0.5, '2025-06', memory('cloudwatch/pricing')],
  ['month', 'dashboard', 3, '2025-06', memory('cloudwatch/pricing')],
  ['month', 'hostedZone', 0.5, '2025-06', memory('route53/pricing')],
  ['use', 'a GB through NAT', 0.045, '2025-06', memory('vpc/pricing')],
  ['use', 'a GB through an interface endpoint', 0.01, '2025-06', memory('privatelink/pricing')],
  ['use', 'a GB between zones, each way', 0.01, '2025-06', memory('ec2/pricing/on-demand')],
  ['use', 'a GB of logs taken in', 0.5, '2025-06', memory('cloudwatch/pricing')],
  ['use', 'a GB of flow logs to S3', 0.25, '2025-06', memory('cloudwatch/pricing')],
  ['use', 'a load balancer capacity unit and hour', 0.008, '2025-06', memory('elasticloadbalancing/pricing')],
  ['use', 'a GB of access logs stored a month', 0.023, '2025-06', memory('s3/pricing')],
];

export const priceRows: readonly PriceRow[] = written.map(([group, name, usd, asOf, source]) => ({
  group,
  name,
  usd,
  asOf,
  source,
}));
