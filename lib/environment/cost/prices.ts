import { type PriceGroup, type PriceRow, priceRows, PRICED_REGION, UNCOMPARED } from './price-rows.ts';

/** A machine's size and its price an hour on demand, Linux, in USD. */
export interface Machine {
  readonly vcpu: number;
  readonly memoryGiB: number;
  readonly usdPerHour: number;
}

/** USD an hour, a month or a GB, as the names say. A type that is absent has no known price, and an estimate says so. */
export interface PriceTable {
  readonly region: string;
  /** Of the oldest row. */
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
    Record<'natGateway' | 'endpointZone' | 'balancer' | 'reservedCapacityUnit' | 'publicAddress' | 'proxyVcpu', number>
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

/** vCPU and GiB of a type, of EC2 and of RDS alike. Source: "Amazon EC2 instance types", "Hardware specifications for DB instance classes". */
const SIZES: Readonly<Record<string, readonly [vcpu: number, memoryGiB: number]>> = {
  'c6g.large': [2, 4],
  'c6i.large': [2, 4],
  'c7g.large': [2, 4],
  'm6g.large': [2, 8],
  'm6g.xlarge': [4, 16],
  'm6i.large': [2, 8],
  'm6i.xlarge': [4, 16],
  'm7g.large': [2, 8],
  'm7g.xlarge': [4, 16],
  'm7i.large': [2, 8],
  'm7i.xlarge': [4, 16],
  'r6g.large': [2, 16],
  'r7g.large': [2, 16],
  't3.large': [2, 8],
  't3.medium': [2, 4],
  't3.micro': [2, 1],
  't3.small': [2, 2],
  't4g.large': [2, 8],
  't4g.medium': [2, 4],
  't4g.micro': [2, 1],
  't4g.small': [2, 2],
};

const of = (group: PriceGroup): PriceRow[] => priceRows.filter((row) => row.group === group);

const byName = (group: PriceGroup): Record<string, number> =>
  Object.fromEntries(of(group).map(({ name, usd }) => [name, usd]));

/** @throws Error where the list lacks one that is counted with */
function named<Name extends string>(group: PriceGroup, names: readonly Name[]): Record<Name, number> {
  const all = byName(group);
  const found = names.map((name) => {
    const usd = all[name];
    if (usd === undefined) throw new Error(`the price list has no ${name}`);
    return [name, usd] as const;
  });
  return Object.fromEntries(found) as Record<Name, number>;
}

const machines = (group: PriceGroup): Record<string, Machine> =>
  Object.fromEntries(
    of(group).flatMap(({ name, usd }) => {
      const size = SIZES[name];
      return size === undefined ? [] : [[name, { vcpu: size[0], memoryGiB: size[1], usdPerHour: usd }] as const];
    }),
  );

function fargateOf(architecture: 'arm64' | 'x86_64'): PriceTable['fargate']['arm64'] {
  const [vcpu, gib] = [`${architecture} vCPU`, `${architecture} GiB`] as const;
  const both = named('fargate', [vcpu, gib]);
  return { usdPerVcpuHour: both[vcpu], usdPerGibHour: both[gib] };
}

const uncompared = priceRows.filter(({ source }) => source.startsWith(UNCOMPARED)).length;

/** The list as estimates read it. Where each row is from and of when: `npm run prices`. */
export const prices: PriceTable = {
  region: PRICED_REGION,
  asOf: priceRows.map(({ asOf }) => asOf).toSorted()[0] ?? '',
  source:
    uncompared === 0
      ? 'AWS Price List API'
      : `on-demand list prices, ${uncompared} of ${priceRows.length} from memory, not compared with AWS’s pages; npm run prices says which`,
  ec2: machines('ec2'),
  fargate: { arm64: fargateOf('arm64'), x86_64: fargateOf('x86_64') },
  database: machines('database'),
  cache: byName('cache'),
  usdPerHour: named('hour', [
    'natGateway',
    'endpointZone',
    'balancer',
    'reservedCapacityUnit',
    'publicAddress',
    'proxyVcpu',
  ]),
  usdPerMonth: named('month', [
    'diskGib',
    'databaseGib',
    'secret',
    'key',
    'alarmMetric',
    'compositeAlarm',
    'dashboard',
    'hostedZone',
  ]),
  usdByUse: byName('use'),
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
