import { z } from 'zod';
import { PRICED_REGION, type PriceGroup, type PriceRow } from './price-rows.ts';

/** What the Price List Query API is asked (GetProducts): a service, and the attributes by which one product is meant. */
export interface PriceQuery {
  readonly serviceCode: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const region = { regionCode: PRICED_REGION };

/** Usage types begin with the region's short name, in us-east-1 for services that came later alone. */
const SHORT = 'USE1';

const FARGATE: Readonly<Record<string, string>> = {
  'x86_64 vCPU': `${SHORT}-Fargate-vCPU-Hours:perCPU`,
  'x86_64 GiB': `${SHORT}-Fargate-GB-Hours`,
  'arm64 vCPU': `${SHORT}-Fargate-ARM-vCPU-Hours:perCPU`,
  'arm64 GiB': `${SHORT}-Fargate-ARM-GB-Hours`,
};

const QUERIES: Readonly<Partial<Record<PriceGroup, (name: string) => PriceQuery>>> = {
  ec2: (instanceType) => ({
    serviceCode: 'AmazonEC2',
    attributes: {
      ...region,
      instanceType,
      operatingSystem: 'Linux',
      tenancy: 'Shared',
      preInstalledSw: 'NA',
      capacitystatus: 'Used',
    },
  }),
  fargate: (name) => ({ serviceCode: 'AmazonECS', attributes: { ...region, usagetype: FARGATE[name] ?? name } }),
  database: (type) => ({
    serviceCode: 'AmazonRDS',
    attributes: {
      ...region,
      instanceType: `db.${type}`,
      databaseEngine: 'PostgreSQL',
      deploymentOption: 'Single-AZ',
    },
  }),
  cache: (type) => ({
    serviceCode: 'AmazonElastiCache',
    attributes: { ...region, instanceType: `cache.${type}`, cacheEngine: 'Valkey' },
  }),
};

/** Undefined of what is compared by hand. */
export const priceQuery = ({ group, name }: PriceRow): PriceQuery | undefined => QUERIES[group]?.(name);

const dimension = z.object({ beginRange: z.string().optional(), pricePerUnit: z.object({ USD: z.string() }) });
const product = z.object({
  publicationDate: z.string(),
  terms: z.object({
    OnDemand: z.record(z.string(), z.object({ priceDimensions: z.record(z.string(), dimension) })).optional(),
  }),
});
const reply = z.object({ PriceList: z.array(z.string()) });

export interface ListedPrice {
  readonly usd: number;
  /** The day on which the list was published. */
  readonly asOf: string;
}

/**
 * The one price of GetProducts' reply, at its lowest use; a sentence where there is none, or where the attributes fit several.
 * @throws ZodError, SyntaxError of what is no such reply
 */
export function listedPrice(text: string): ListedPrice | string {
  const products = reply.parse(JSON.parse(text)).PriceList.map((each) => product.parse(JSON.parse(each)));
  const found = products.flatMap(({ publicationDate, terms }) =>
    Object.values(terms.OnDemand ?? {}).flatMap(({ priceDimensions }) =>
      Object.values(priceDimensions).flatMap(({ beginRange = '0', pricePerUnit }) => {
        const usd = Number(pricePerUnit.USD);
        return beginRange === '0' && usd > 0 ? [{ usd, asOf: publicationDate.slice(0, 10) }] : [];
      }),
    ),
  );
  const [first] = found;
  if (first === undefined) return 'the list has no price of it';
  const different = new Set(found.map(({ usd }) => usd)).size;
  return different === 1 ? first : `the list has ${different} prices of it`;
}

const quoted = (text: string): string => `'${text}'`;

/** The file of rows with one of them replaced. */
export function withRow(file: string, { group, name, usd, asOf, source }: PriceRow): string {
  const begin = `  [${quoted(group)}, ${quoted(name)}, `;
  const line = `${begin}${usd}, ${quoted(asOf)}, ${quoted(source)}],`;
  return file
    .split('\n')
    .map((each) => (each.startsWith(begin) ? line : each))
    .join('\n');
}
