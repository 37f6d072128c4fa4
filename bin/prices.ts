/** `npm run prices`: each price of the list with its date and source; `-- --read` asks the Price List API, `--write` takes its answers over. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { listedPrice, type PriceQuery, priceQuery, withRow } from '../lib/environment/cost/price-list.ts';
import { type PriceRow, priceRows } from '../lib/environment/cost/price-rows.ts';

const FILE = fileURLToPath(new URL('../lib/environment/cost/price-rows.ts', import.meta.url));

/** By the CLI of AWS, which has the credentials; the API stands in few regions, of which one is enough. */
function ask({ serviceCode, attributes }: PriceQuery): string {
  const filters = Object.entries(attributes).map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value }));
  const { status, stdout, stderr, error } = spawnSync(
    'aws',
    `pricing get-products --region us-east-1 --output json --service-code ${serviceCode} --filters`
      .split(' ')
      .concat(JSON.stringify(filters)),
    { encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  if (status !== 0) throw new Error(`aws pricing get-products: ${error?.message ?? stderr.trim()}`);
  return stdout;
}

const say = (words: readonly (string | number)[]): void => void process.stdout.write(`${words.join('\t')}\n`);

/** The row as the list has it; undefined where the list has no one price. */
function read(row: PriceRow): PriceRow | undefined {
  const query = priceQuery(row);
  if (query === undefined) {
    say([row.group, row.name, row.usd, 'compare by hand', row.source]);
    return undefined;
  }
  const found = listedPrice(ask(query));
  if (typeof found === 'string') {
    say([row.group, row.name, row.usd, found]);
    return undefined;
  }
  say([row.group, row.name, row.usd, found.usd === row.usd ? 'the same' : `now ${found.usd}`, found.asOf]);
  return { ...row, ...found, source: `AWS Price List API, ${query.serviceCode}` };
}

try {
  const { values } = parseArgs({ options: { read: { type: 'boolean' }, write: { type: 'boolean' } } });
  if (values.read !== true && values.write !== true)
    for (const { group, name, usd, asOf, source } of priceRows) say([group, name, usd, asOf, source]);
  else {
    const rows = priceRows.flatMap((row) => read(row) ?? []);
    if (values.write === true) writeFileSync(FILE, rows.reduce(withRow, readFileSync(FILE, 'utf8')));
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
