import { postTo } from './address.ts';
import type { Encoder, Output } from './output.ts';
import { rowsOf, type ReadingRow } from './rows.ts';

/** InfluxDB's line protocol over HTTP: `/write` of 1.x, `/api/v2/write` of 2 and 3, and whatever else takes it. */
export const influx: Output = {
  kind: 'influx',
  example: "influx='http://127.0.0.1:8086/write?db=plimsoll'",
  open: (address) => {
    const destination = postTo(address, '/', 'text/plain; charset=utf-8');
    if (typeof destination === 'string') return destination;
    const url = new URL(destination.url);
    if (url.pathname === '/')
      return 'says not where to write: end it with /write?db=NAME, or with /api/v2/write?org=NAME&bucket=NAME';
    // Both versions know `ms`; without it they read nanoseconds.
    url.searchParams.set('precision', 'ms');
    return { destination: { ...destination, url: url.href }, encoder: points };
  },
};

/** A measurement a family, tagged with its labels and the run's id. Source: "InfluxDB line protocol reference". */
const points: Encoder = {
  second: (live) => {
    const lines = rowsOf(live).map((row) => `${keyOf(row, live.run.id)} ${fieldsIn(row)} ${live.atMs}`);
    return lines.length === 0 ? [] : [lines.join('\n')];
  },
};

function keyOf({ family, labels }: ReadingRow, run: string): string {
  const tags = Object.entries({ run, ...labels }).flatMap(([key, value]) =>
    // A tag can't be empty.
    value === '' ? [] : `,${key}=${escaped(value)}`,
  );
  return `plimsoll_${family.name}${tags.join('')}`;
}

/** Counts are whole numbers; of the rest InfluxDB wants one type for good, and some are never whole. */
const fieldsIn = ({ fields }: ReadingRow): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}${name === 'count' ? 'i' : ''}`)
    .join(',');

/** A line break has no place in a tag, and a backslash at the end of one would escape what follows. */
const escaped = (value: string): string =>
  value
    .replaceAll(/\p{Cc}/gu, ' ')
    .replace(/\\$/, '\\ ')
    .replaceAll(/[,= ]/g, String.raw`\$&`);
