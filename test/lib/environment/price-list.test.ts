import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { listedPrice, priceQuery, withRow } from '../../../lib/environment/cost/price-list.ts';
import { type PriceRow, priceRows } from '../../../lib/environment/cost/price-rows.ts';

/** A product as GetProducts replies it (AWS Billing User Guide, "Using the AWS Price List Query API"). */
const product = (...tiers: readonly (readonly [beginRange: string, usd: string])[]): string =>
  JSON.stringify({
    product: { productFamily: 'Compute Instance', sku: 'ABCDEF', attributes: { regionCode: 'us-east-1' } },
    serviceCode: 'AmazonEC2',
    terms: {
      OnDemand: {
        'ABCDEF.JRTCKXETXF': {
          priceDimensions: Object.fromEntries(
            tiers.map(([beginRange, USD], at) => [
              `ABCDEF.JRTCKXETXF.${at}`,
              { unit: 'Hrs', beginRange, pricePerUnit: { USD } },
            ]),
          ),
          effectiveDate: '2026-11-01T00:00:00Z',
        },
      },
      Reserved: { 'ABCDEF.38NPMPTW36': { priceDimensions: {} } },
    },
    version: '20261120183422',
    publicationDate: '2026-11-20T18:34:22Z',
  });

const reply = (...products: readonly string[]): string =>
  JSON.stringify({ FormatVersion: 'aws_v1', PriceList: products });

describe('a price is the one that the list has', () => {
  test.each<readonly [string, string, ReturnType<typeof listedPrice>]>([
    ['of one product', reply(product(['0', '0.0816000000'])), { usd: 0.0816, asOf: '2026-11-20' }],
    ['at its lowest use', reply(product(['0', '0.045'], ['10240', '0.04'])), { usd: 0.045, asOf: '2026-11-20' }],
    ['said twice', reply(product(['0', '0.1']), product(['0', '0.1'])), { usd: 0.1, asOf: '2026-11-20' }],
    [
      'and not free of charge as well',
      reply(product(['0', '0.0']), product(['0', '0.2'])),
      { usd: 0.2, asOf: '2026-11-20' },
    ],
    ['or several', reply(product(['0', '0.1']), product(['0', '0.2'])), 'the list has 2 prices of it'],
    ['or none', reply(), 'the list has no price of it'],
  ])('%s', (_, text, price) => expect(listedPrice(text)).toEqual(price));

  test.each(['', '{}', '{"PriceList":["{}"]}'])('and no reply is none: %s', (text) =>
    expect(() => listedPrice(text)).toThrow(/./),
  );
});

const FILE = 'lib/environment/cost/price-rows.ts';

test('every row says of when it is and from where, and has a line of its own that can be replaced', () => {
  const file = readFileSync(FILE, 'utf8');
  expect(new Set(priceRows.map(({ group, name }) => `${group} ${name}`)).size).toBe(priceRows.length);
  for (const row of priceRows) {
    expect(row.asOf).toMatch(/^\d{4}-\d\d(?:-\d\d)?$/);
    expect(row.source).toMatch(/aws\.amazon\.com\/|AWS Price List API/);
    if (priceQuery(row) === undefined) continue;
    const changed: PriceRow = { ...row, usd: 9.87, asOf: '2026-11-20', source: 'it' };
    const lines = withRow(file, changed).split('\n');
    const others = file.split('\n');
    expect(lines.filter((line, at) => line !== others[at])).toEqual([
      `  ['${row.group}', '${row.name}', 9.87, '2026-11-20', 'it'],`,
    ]);
  }
});

describe('npm run prices', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-prices-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Beside a CLI that gives m7g.large of EC2 another price, knows no cache, and says what it was asked. */
  function run(...options: readonly string[]): {
    readonly out: string;
    readonly err: string;
    readonly status: number | null;
  } {
    const aws = join(folder, 'aws');
    const [other, none, same] = [reply(product(['0', '0.0900000000'])), reply(), reply(product(['0', '0.0816000000']))];
    writeFileSync(
      aws,
      `#!/bin/sh\necho "$*" >> '${join(folder, 'asked')}'\ncase "$*" in *AmazonElastiCache*) echo '${none}' ;; *'"m7g.large"'*AmazonEC2*|*AmazonEC2*'"m7g.large"'*) echo '${other}' ;; *) echo '${same}' ;; esac\n`,
    );
    chmodSync(aws, 0o755);
    const env = { ...process.env, PATH: [folder, process.env['PATH'] ?? ''].join(delimiter) };
    const { stdout, stderr, status } = spawnSync(process.execPath, ['bin/prices.ts', ...options], {
      encoding: 'utf8',
      env,
    });
    return { out: stdout, err: stderr, status };
  }

  test('lists every row, and reads those that the Price List API has', () => {
    const listed = run();
    expect([listed.status, listed.out.trim().split('\n').length]).toEqual([0, priceRows.length]);
    const before = readFileSync(FILE, 'utf8');
    const read = run('--read');
    expect({ status: read.status, err: read.err }).toEqual({ status: 0, err: '' });
    expect(read.out).toContain('ec2\tm7g.large\t0.0816\tnow 0.09\t2026-11-20\n');
    expect(read.out).toContain('cache\tm7g.large\t0.1264\tthe list has no price of it\n');
    expect(read.out).toMatch(/^hour\tnatGateway\t0\.045\tcompare by hand/m);
    expect(readFileSync(FILE, 'utf8')).toBe(before);
    const asked = readFileSync(join(folder, 'asked'), 'utf8');
    expect(asked).toContain(
      'pricing get-products --region us-east-1 --output json --service-code AmazonRDS --filters [{"Type":"TERM_MATCH","Field":"regionCode","Value":"us-east-1"}',
    );
  });
});
