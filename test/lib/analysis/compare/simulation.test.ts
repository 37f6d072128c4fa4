import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ComparisonScore } from './score.ts';

/** What `npm run bench:compare` does at length: docs/compare.md has its figures. */
const RUNS = 16;
const COMPARISONS = 60;

interface Row {
  readonly name: string;
  readonly pair: ComparisonScore;
  /** A pair, with five other runs that show the noise. */
  readonly known: ComparisonScore;
  readonly same: ComparisonScore;
  readonly slower: ComparisonScore;
}

let rows: readonly Row[] = [];

const rowOf = (name: string): Row => {
  const found = rows.find((row) => row.name === name);
  if (found === undefined) throw new Error(`no row: ${name}`);
  return found;
};

beforeAll(async () => {
  const path = fileURLToPath(new URL('score-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path, String(RUNS), String(COMPARISONS)]);
  rows = JSON.parse(stdout) as typeof rows;
}, 120_000);

describe('simulated services', () => {
  /** Draws from one pool are alike, so a few of sixty may be false where one of a hundred is by design. */
  test('five runs against five of the same build are called neither better nor worse, whatever varies between runs', () => {
    for (const { same } of rows) expect(same.any.worse + same.any.better).toBeLessThanOrEqual(3 / COMPARISONS);
    expect(rows.map(({ same }) => same.any.differs)).toEqual([0, 0, 0]);
  });

  test('nor is a pair of that build, where five other runs show the noise', () => {
    for (const { known } of rows) expect(known.any.worse + known.any.better).toBeLessThanOrEqual(3 / COMPARISONS);
    expect(rows.map(({ known }) => known.any.differs)).toEqual([0, 0, 0]);
  });

  test('one pair is never judged, only said to differ; noise from run to run makes that happen without any cause', () => {
    for (const { pair } of rows) expect(pair.any.worse + pair.any.better + pair.any.same).toBe(0);
    expect(rowOf('lognormal 0.5').pair.any.differs).toBeLessThanOrEqual(3 / COMPARISONS);
    expect(rowOf('lognormal 0.5, 2 % from run to run').pair.any.differs).toBeGreaterThan(0.1);
  });

  test('a tenth more time, and five times the errors, are found by five against five where the noise allows it', () => {
    const { byFigure, covered } = rowOf('lognormal 0.5').slower;
    expect([byFigure['responseTime.p50']?.worse, byFigure['errorRatio']?.worse]).toEqual([
      expect.closeTo(1, 1),
      expect.closeTo(1, 1),
    ]);
    expect(covered).toBeGreaterThanOrEqual(0.93);
    // A queue that is nearly full differs by itself far more than that.
    expect(rowOf('one server, 80 % busy').slower.byFigure['responseTime.p50']?.worse).toBeLessThan(0.5);
  });
});
