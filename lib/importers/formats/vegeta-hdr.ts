import type { GivenTimes } from '../../measure/given.ts';
import { ledgerOf } from '../building/ledger.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { LineTally } from '../reading/line-tally.ts';
import { linesOfOne, shortLines } from '../reading/printed.ts';
import { toUs } from '../reading/units.ts';
import { vegetaTimes } from './vegeta-report.ts';

const HEADER = /^Value\(ms\)\s+Percentile\s+TotalCount/;

/** `vegeta report -type=hdrplot`: cumulative counts by time, and nothing of how requests ended. */
export const vegetaHdr: Importer = {
  name: 'vegeta hdrplot',
  takes: 'document',
  recognises: ({ text }) => shortLines(text.slice(0, 10_000)).some((line) => HEADER.test(line)),
  read: ({ text }) => read(linesOfOne(text, { tool: 'vegeta report -type=hdrplot', line: HEADER })),
};

/** The ranks of a plot that a report shows. */
const SHOWN = [50, 75, 90, 95, 99, 99.9];

interface Point {
  readonly us: number;
  readonly percent: number;
  readonly count: number;
}

function read(lines: readonly string[]): Imported {
  const tally = new LineTally();
  const header = lines.findIndex((line) => HEADER.test(line));
  const points = lines.slice(header).flatMap((line, at) => pointIn(line, header + at + 1, tally) ?? []);
  const count = points.at(-1)?.count ?? 0;
  return {
    tool: 'vegeta',
    evidence: 'buckets',
    times: vegetaTimes,
    model: 'open',
    total: {
      name: 'all requests',
      ledger: ledgerOf([['cut', count]]),
      ...(count > 0 && { times: timesOf(points, count) }),
    },
    cannotSay: ['It does not say how any request ended, so all of them count as cut: neither ok nor failed.'],
    lines: tally.checked('a plot of vegeta'),
  };
}

function pointIn(line: string, number: number, tally: LineTally): Point | undefined {
  if (line === '' || HEADER.test(line)) return undefined;
  const [value = Number.NaN, percentile = Number.NaN, count = Number.NaN] = line.split(/\s+/).map(Number);
  if (!(value >= 0 && percentile >= 0 && percentile <= 1 && count >= 0)) {
    tally.reject(number, 'it is no row of a plot');
    return undefined;
  }
  tally.good += 1;
  return { us: toUs(value, 1e3), percent: percentile * 100, count };
}

function timesOf(points: readonly Point[], count: number): GivenTimes {
  const [first, last] = [points[0], points.at(-1)];
  const ranks = SHOWN.flatMap((rank) => {
    const point = points.find(({ percent }) => Math.abs(percent - rank) < 0.01);
    return point === undefined ? [] : [[rank, point.us] as const];
  });
  return {
    count,
    min: first?.percent === 0 ? first.us : Number.NaN,
    mean: Number.NaN,
    max: last?.us ?? Number.NaN,
    ranks,
    buckets: points.map((point) => [point.us, point.count]),
  };
}
