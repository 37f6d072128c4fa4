import type { Estimate } from './estimate.ts';
import type { WantedQuota } from './wanted-quotas.ts';
import type { PriceTable } from './prices.ts';

const usd = (value: number | undefined): string =>
  value === undefined
    ? 'unknown'
    : value.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const count = (value: number): string => String(Number(value.toFixed(2)));

/** An estimate as text: a table by resource, the sums, what depends on traffic, what was saved, and how far to trust it. */
export function describeMonthlyCost(name: string, region: string, estimate: Estimate, prices: PriceTable): string {
  const { lines, leastUsd, mostUsd, unknown, savings } = estimate;
  const rows = lines.map(({ item, least, most, usdEach }) => [
    item,
    least === most ? count(least) : `${count(least)}–${count(most)}`,
    usd(usdEach),
    usd(usdEach && usdEach * least),
    usd(usdEach && usdEach * most),
  ]);
  const table = aligned([
    [`${name}, ${region}`, 'count', 'USD each', 'at least', 'at most'],
    ...rows,
    ['sum of what has a price', '', '', usd(leastUsd), usd(mostUsd)],
  ]);
  return [
    table,
    ...(unknown.length > 0 ? ['', `Without a price, so not in the sum: ${unknown.join(', ')}.`] : []),
    '',
    'By use, on top:',
    aligned(Object.entries(prices.usdByUse).map(([what, each]) => [`  ${what}`, each.toFixed(3)])),
    '',
    'Saved a month:',
    aligned(savings.length === 0 ? [['  nothing']] : savings.map(({ what, usd: saved }) => [`  ${what}`, usd(saved)])),
    '',
    `USD a month of 730 hours, before tax. Prices of ${prices.region}, ${prices.asOf}: ${prices.source}. Spot counts as on demand.`,
    '',
  ].join('\n');
}

/** What Service Quotas must allow before the first deployment. */
export function describeQuotas(quotas: readonly WantedQuota[]): string {
  const rows = quotas.map(({ name, code, wanted }) => [
    `  ${name}`,
    code,
    wanted === undefined ? 'unknown' : count(wanted),
  ]);
  return [
    'Quotas wanted, at full scale and in a deployment:',
    aligned([['  quota', 'code', 'wanted'], ...rows]),
    '',
  ].join('\n');
}

/** The first column to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
