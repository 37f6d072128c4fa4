import { listed } from '../units.ts';

/** What AWS or its makers stop supporting some day. */
type Product = 'postgresql' | 'valkey' | 'lambda-node' | 'node' | 'fargate' | 'amazon-linux';

/** A version of a product, and its last days. Dates are written as 2026-10-31. */
interface Lifecycle {
  readonly product: Product;
  /** A major version, or one version alone where it ends before its major does. */
  readonly version: string;
  /** The last day on which a new one may be made, where that is earlier than the end. */
  readonly madeUntil?: string;
  /** The last day of support. Absent: no end was announced when the table was read. */
  readonly ends?: string;
}

interface Source {
  readonly title: string;
  readonly name: string;
}

/** The day on which the pages below were read. AWS lists minors about twice a year. */
const READ_ON = '2026-11-29';

/** How a message calls a product, and the page on which its dates stand. */
const SOURCES: Readonly<Record<Product, Source>> = {
  postgresql: { name: 'RDS for PostgreSQL', title: 'Amazon RDS for PostgreSQL Release Notes, "Release calendars"' },
  valkey: { name: 'ElastiCache for Valkey', title: 'Amazon ElastiCache User Guide, "Engine versions and upgrading"' },
  'lambda-node': {
    name: 'Node.js on AWS Lambda',
    title: 'AWS Lambda Developer Guide, "Lambda runtimes", deprecation date',
  },
  node: { name: 'Node.js of the images', title: 'github.com/nodejs/Release, "Release schedule"' },
  fargate: {
    name: 'the Fargate platform',
    title: 'Amazon ECS Developer Guide, "AWS Fargate Linux platform version deprecation"',
  },
  'amazon-linux': { name: 'Amazon Linux', title: 'Amazon Linux 2023 User Guide, "Release cadence"' },
};

/** Minors of one date share a row of AWS's calendar. */
const minors = (versions: string, madeUntil: string, ends: string): Lifecycle[] =>
  versions.split(' ').map((version) => ({ product: 'postgresql', version, madeUntil, ends }));

export const lifecycles: readonly Lifecycle[] = [
  // A major ends in February after the community's last release of November.
  { product: 'postgresql', version: '14', ends: '2027-02-28' },
  { product: 'postgresql', version: '15', ends: '2028-02-29' },
  { product: 'postgresql', version: '16', ends: '2029-02-28' },
  { product: 'postgresql', version: '17', ends: '2030-02-28' },
  { product: 'postgresql', version: '18', ends: '2031-02-28' },
  ...minors('14.12 14.13 15.7 15.8 16.3 16.4', '2025-09-30', '2025-10-31'),
  ...minors('14.14 14.15 14.16 14.17 15.9 15.10 15.11 15.12 16.5 16.6 16.7 16.8', '2026-04-30', '2026-05-31'),
  ...minors('17.1 17.2 17.3 17.4', '2026-04-30', '2026-05-31'),
  ...minors('14.18 14.19 15.13 15.14 16.9 16.10 17.5 17.6', '2026-09-30', '2026-10-31'),
  { product: 'valkey', version: '7.2' },
  { product: 'valkey', version: '8' },
  { product: 'valkey', version: '9' },
  { product: 'lambda-node', version: '22', ends: '2027-04-30' },
  { product: 'lambda-node', version: '24', ends: '2028-04-30' },
  { product: 'node', version: '22', ends: '2027-04-30' },
  { product: 'node', version: '24', ends: '2028-04-30' },
  { product: 'fargate', version: '1.3.0', madeUntil: '2026-03-15', ends: '2026-03-31' },
  { product: 'fargate', version: '1.4.0' },
  { product: 'amazon-linux', version: '2023', ends: '2029-06-30' },
];

/** A version in use. */
export interface UsedVersion {
  readonly product: Product;
  readonly version: string;
}

/** What every environment is built with, whatever its configuration says; a test finds each in the templates and Dockerfiles. */
export const BUILT_WITH: readonly UsedVersion[] = [
  { product: 'lambda-node', version: '24' },
  { product: 'node', version: '24' },
  // What LATEST, the default, stands for.
  { product: 'fargate', version: '1.4.0' },
  { product: 'amazon-linux', version: '2023' },
];

/** The row of exactly this version, else that of its major; undefined for what the table does not know. */
export function lifecycleOf({ product, version }: UsedVersion): Lifecycle | undefined {
  const rows = lifecycles.filter((row) => row.product === product);
  const [major] = version.split('.');
  return rows.find((row) => row.version === version) ?? rows.find((row) => row.version === major);
}

/** The major versions, and those that have no major of their own, such as Valkey 7.2. */
export const offeredVersions = (product: Product): string[] =>
  lifecycles.flatMap((row) => (row.product === product && row.madeUntil === undefined ? [row.version] : []));

/** Long enough to test a new major before the old one ends. */
const WARNED_DAYS = 60;
const DAY_MS = 86_400_000;
/** Half a year: by then AWS has listed new minors. */
const FRESH_DAYS = 180;

const daysUntil = (day: string, nowMs: number): number => Math.floor((Date.parse(day) + DAY_MS - nowMs) / DAY_MS);

/** A sentence for each version that ends within sixty days, has ended, or is no longer made anew. */
export function endsOfSupport(used: readonly UsedVersion[], nowMs: number): string[] {
  return used.flatMap((each) => {
    const found = lifecycleOf(each);
    const { name, title } = SOURCES[each.product];
    const what = `${name} ${each.version}`;
    const last = found?.madeUntil ?? found?.ends;
    if (last === undefined || daysUntil(last, nowMs) > WARNED_DAYS) return [];
    const parts = [
      ...(found?.madeUntil === undefined ? [] : [`can be made anew until ${found.madeUntil}`]),
      ...(found?.ends === undefined ? [] : [`is supported until ${found.ends}`]),
    ];
    return [`${what} ${listed(parts, 'and')}: write a newer version (${title}, read on ${READ_ON}).`];
  });
}

/** Set where the table itself is too old to be trusted. */
export function staleTable(nowMs: number): string | undefined {
  if (daysUntil(READ_ON, nowMs) > -FRESH_DAYS) return undefined;
  return `The dates of lib/environment/end-of-support.ts were read on ${READ_ON}: read the pages it names again.`;
}
