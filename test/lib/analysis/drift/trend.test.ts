import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { trendOf } from '../../../../lib/analysis/drift/trend.ts';
import { HARD } from './synthetic.ts';

interface Row {
  readonly name: string;
  readonly share: number;
}

/** Of each kind; `npm run bench:drift` takes more, and docs/summary.md has its figures. */
const COURSES = 5;

let scores: { readonly level: readonly Row[]; readonly rising: readonly Row[] } = { level: [], rising: [] };

beforeAll(async () => {
  const path = fileURLToPath(new URL('score-process.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path, String(COURSES)]);
  scores = JSON.parse(stdout) as typeof scores;
}, 120_000);

describe('synthetic courses of two hours', () => {
  test('that do not rise are seldom called a trend, whatever their noise', () => {
    const alarms = scores.level.reduce((sum, { share }) => sum + share * COURSES, 0);
    expect(scores.level.length).toBeGreaterThan(40);
    // One in a hundred: of 250 these are two.
    expect(alarms).toBeLessThanOrEqual(Math.floor(0.01 * COURSES * scores.level.length));
  });

  test('that leak 5 % an hour, or grow by 10 %, are found', () => {
    const easy = scores.rising.filter(({ name }) => !HARD.includes(name));
    expect(easy.length).toBeGreaterThan(8);
    expect(easy.filter(({ share }) => share < 0.8)).toEqual([]);
  });
});

const line = (slope: number, level = 100) =>
  Array.from({ length: 720 }, (_, at) => [at * 10, level + slope * at * 10] as const);

describe('a straight line', () => {
  test('has its own slope and ends, and no doubt', () => {
    // 5 % an hour of 100 are 5 / 3600 a second: 10 in two hours.
    const trend = trendOf(line(5 / 3600), [0, 7200], 'middle');
    expect(trend?.perSecond).toBeCloseTo(5 / 3600, 9);
    expect([trend?.from, trend?.to, trend?.rises]).toEqual([expect.closeTo(100, 6), expect.closeTo(110, 6), true]);
  });

  test.each([
    ['falls', line(-5 / 3600)],
    ['is level', line(0)],
    // 1.8 % in two hours, of which 2 % would matter.
    ['rises by too little to matter', line(0.9 / 3600)],
  ])('that %s does not rise', (_, points) => {
    expect(trendOf(points, [0, 7200], 'middle')?.rises).toBe(false);
  });

  test('of few readings, or with a gap of more than a third, is no evidence', () => {
    expect(trendOf(line(1).slice(0, 20), [0, 7200], 'middle')).toBeUndefined();
    expect(trendOf([...line(1).slice(0, 200), ...line(1).slice(500)], [0, 7200], 'middle')).toBeUndefined();
  });
});

test('neither unit nor zero of time changes what rises', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 120, maxLength: 120 }),
      fc.constantFrom(1 / 1024, 8, 4096),
      fc.integer({ min: 0, max: 1e6 }),
      (noise, factor, later) => {
        const points = noise.map((each, at) => [at * 60, each + at / 60] as const);
        const moved = points.map(([at, value]) => [at + later, value * factor] as const);
        const [one, other] = [trendOf(points, [0, 7200], 'floor'), trendOf(moved, [later, later + 7200], 'floor')];
        expect(other?.rises).toBe(one?.rises);
        expect((other?.perSecond ?? 0) / factor).toBeCloseTo(one?.perSecond ?? 0, 6);
      },
    ),
    { numRuns: 20 },
  );
});
