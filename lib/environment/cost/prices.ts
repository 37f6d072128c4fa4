/** A machine's size and its price an hour on demand, Linux, in USD. */
export interface Machine {
  readonly vcpu: number;
  readonly memoryGiB: number;
  readonly usdPerHour: number;
}

/** USD an hour, a month or a GB, as the names say. A type that is absent has no known price, and an estimate says so. */
export interface PriceTable {
  readonly region: string;
  /** Month that the prices are of, as far as known. */
  readonly asOf: string;
  readonly source: string;
  readonly ec2: Readonly<Record<string, Machine>>;
  readonly fargate: Readonly<
    Record<'arm64' | 'x86_64', { readonly usdPerVcpuHour: number; readonly usdPerGibHour: number }>
  >;
  /** PostgreSQL, single zone; a standby costs as much again. */
  readonly database: Readonly<Record<string, Machine>>;
  /** Valkey. */
  readonly cache: Readonly<Record<string, number>>;
  readonly usdPerHour: Readonly<
    Record<'natGateway' | 'endpointZone' | 'balancer' | 'publicAddress' | 'proxyVcpu', number>
  >;
  readonly usdPerMonth: Readonly<
    Record<
      'diskGib' | 'databaseGib' | 'secret' | 'key' | 'alarmMetric' | 'compositeAlarm' | 'dashboard' | 'hostedZone',
      number
    >
  >;
  readonly usdByUse: Readonly<Record<string, number>>;
  /** The largest discounts that AWS advertises; what Spot will cost is not known in advance. */
  readonly spotSavesUpTo: { readonly fargate: number; readonly ec2: number };
}

const machine = (vcpu: number, memoryGiB: number, usdPerHour: number): Machine => ({ vcpu, memoryGiB, usdPerHour });

/**
 * On-demand list prices of US East (N. Virginia) as they were around the middle of 2025, written down from memory and not
 * compared with AWS's pages since. The pages to check them against are aws.amazon.com/ec2/pricing, /fargate/pricing,
 * /rds/postgresql/pricing, /elasticache/pricing, /vpc/pricing, /privatelink/pricing, /elasticloadbalancing/pricing,
 * /cloudwatch/pricing, /ebs/pricing, /secrets-manager/pricing and /kms/pricing; a correction changes figure, date and source.
 */
export const prices: PriceTable = {
  region: 'us-east-1',
  asOf: '2025-06',
  source: 'on-demand list prices from memory, not compared with AWS’s pages; check them before money depends on them',
  ec2: {
    't4g.medium': machine(2, 4, 0.0336),
    't4g.large': machine(2, 8, 0.0672),
    't3.medium': machine(2, 4, 0.0416),
    't3.large': machine(2, 8, 0.0832),
    'm6g.large': machine(2, 8, 0.077),
    'm6g.xlarge': machine(4, 16, 0.154),
    'm7g.large': machine(2, 8, 0.0816),
    'm7g.xlarge': machine(4, 16, 0.1632),
    'm6i.large': machine(2, 8, 0.096),
    'm6i.xlarge': machine(4, 16, 0.192),
    'm7i.large': machine(2, 8, 0.1008),
    'm7i.xlarge': machine(4, 16, 0.2016),
    'c6g.large': machine(2, 4, 0.068),
    'c6i.large': machine(2, 4, 0.085),
    'c7g.large': machine(2, 4, 0.0725),
  },
  fargate: {
    x86_64: { usdPerVcpuHour: 0.04048, usdPerGibHour: 0.004445 },
    arm64: { usdPerVcpuHour: 0.03238, usdPerGibHour: 0.00356 },
  },
  database: {
    't4g.micro': machine(2, 1, 0.016),
    't4g.small': machine(2, 2, 0.032),
    't4g.medium': machine(2, 4, 0.065),
    't4g.large': machine(2, 8, 0.129),
    't3.micro': machine(2, 1, 0.018),
    't3.small': machine(2, 2, 0.036),
    't3.medium': machine(2, 4, 0.072),
    'm6g.large': machine(2, 8, 0.159),
    'm6g.xlarge': machine(4, 16, 0.318),
    'm6i.large': machine(2, 8, 0.178),
    'm6i.xlarge': machine(4, 16, 0.356),
    'm7g.large': machine(2, 8, 0.168),
    'm7g.xlarge': machine(4, 16, 0.337),
    'r6g.large': machine(2, 16, 0.225),
    'r7g.large': machine(2, 16, 0.239),
  },
  // A fifth below the price for Redis OSS, as AWS announced for node-based Valkey.
  cache: {
    't4g.micro': 0.0128,
    't4g.small': 0.0256,
    't4g.medium': 0.052,
    'm6g.large': 0.1192,
    'm7g.large': 0.1264,
    'r6g.large': 0.1648,
    'r7g.large': 0.1752,
  },
  usdPerHour: { natGateway: 0.045, endpointZone: 0.01, balancer: 0.0225, publicAddress: 0.005, proxyVcpu: 0.015 },
  usdPerMonth: {
    diskGib: 0.08,
    databaseGib: 0.115,
    secret: 0.4,
    key: 1,
    alarmMetric: 0.1,
    compositeAlarm: 0.5,
    dashboard: 3,
    hostedZone: 0.5,
  },
  usdByUse: {
    'a GB through NAT': 0.045,
    'a GB through an interface endpoint': 0.01,
    'a GB between zones, each way': 0.01,
    'a GB of logs taken in': 0.5,
    'a GB of flow logs to S3': 0.25,
    'a load balancer capacity unit and hour': 0.008,
    'a GB of access logs stored a month': 0.023,
  },
  spotSavesUpTo: { fargate: 0.7, ec2: 0.9 },
};

/** Graviton types and the x86 type that does the same work, for the saving. Source: naming of EC2 and RDS families. */
export const x86Of: Readonly<Record<string, string>> = {
  't4g.micro': 't3.micro',
  't4g.small': 't3.small',
  't4g.medium': 't3.medium',
  't4g.large': 't3.large',
  'm6g.large': 'm6i.large',
  'm6g.xlarge': 'm6i.xlarge',
  'm7g.large': 'm7i.large',
  'm7g.xlarge': 'm7i.xlarge',
  'c6g.large': 'c6i.large',
};
