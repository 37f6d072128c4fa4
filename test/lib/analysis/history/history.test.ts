import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { changePoints } from '../../../../lib/analysis/history/change-points.ts';
import { historyOfRuns, type PastRun } from '../../../../lib/analysis/history/history.ts';
import { historyHeadline, historySections } from '../../../../lib/report/history.ts';
import { sectionsText } from '../../../../lib/report/formats/text.ts';
import { noise } from './synthetic.ts';

const stepped = (at: number, size: number, by: number): number[] =>
  noise(3, size).map((value, nth) => value + (nth < at ? 0 : by));

describe('change points', () => {
  test('a step is found where it is, and two steps are two', () => {
    const [one] = changePoints(stepped(20, 40, 4));
    expect(one).toMatchObject({ at: 20, p: 0.001 });
    const twice = stepped(20, 60, 5).map((value, at) => value + (at < 40 ? 0 : 5));
    expect(changePoints(twice).map(({ at }) => at)).toEqual([20, 40]);
  });

  test('a drift of three standard deviations over thirty nights is found', () => {
    const drifting = noise(8, 30).map((value, at) => value + at / 10);
    expect(changePoints(drifting).length).toBeGreaterThan(0);
  });

  test('neither scale nor level matter, and a series back to front has its changes back to front', () => {
    const values = stepped(20, 40, 4);
    const places = changePoints(values).map(({ at }) => at);
    fc.assert(
      fc.property(fc.constantFrom(0.5, 2, 1024), fc.constantFrom(-4, 0, 8), (scale, level) => {
        expect(changePoints(values.map((value) => value * scale + level)).map(({ at }) => at)).toEqual(places);
      }),
      { numRuns: 3 },
    );
    expect(changePoints(values.toReversed()).map(({ at }) => 40 - at)).toEqual(places);
  });

  test('nothing is found in what never varies, in a few values, and in one outlier', () => {
    expect(changePoints(Array.from({ length: 50 }, () => 7))).toEqual([]);
    expect(changePoints([1, 2, 9, 9])).toEqual([]);
    expect(changePoints([])).toEqual([]);
    expect(changePoints(noise(4, 40).map((value, at) => (at === 20 ? 50 : value)))).toEqual([]);
  });

  /** What `npm run bench:history` does at length: docs/compare.md has its figures. */
  test('a step of two standard deviations is found within five runs, and seldom where there is none', async () => {
    const path = fileURLToPath(new URL('bench.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [path, '12']);
    const { found, falseAlarms } = JSON.parse(stdout) as { found: number; falseAlarms: number };
    // Of twelve at 0.9 and 1, which chance alone would miss once in ten thousand times.
    expect(found).toBeGreaterThanOrEqual(0.5);
    expect(falseAlarms).toBeLessThanOrEqual(2);
  }, 60_000);
});

function pastRun(at: number, p99: number | null, more: { version?: string; conditions?: string } = {}): PastRun {
  const day = new Date(Date.UTC(2026, 0, 1 + at)).toISOString();
  const { version = '1', conditions = 'alike' } = more;
  const figures = { 'responseTime.p99': p99, errorRatio: 0, throughput: 100 };
  const subjects = [{ name: 'steady', conditions, figures }];
  return { id: `run-${at}`, startedAt: day, plan: 'shop', verdict: 'pass', version, subjects };
}

const slower = (at: number): number => Math.round(20_000 * (1 + 0.02 * Math.sin(at * 2.4)) * (at < 15 ? 1 : 1.5));

describe('the history of a plan', () => {
  const runs = Array.from({ length: 25 }, (_, at) => pastRun(at, slower(at)));

  test('says since which run a figure is another, by how much, and that it is worse', () => {
    const history = historyOfRuns('shop', runs.toReversed());
    const found = history.courses.flatMap(({ figure, changes }) => changes.map((change) => ({ figure, ...change })));
    expect(found).toEqual([
      expect.objectContaining({ figure: 'responseTime.p99', since: 'run-15', runs: 10, verdict: 'worse' }),
    ]);
    expect(found[0]?.shift).toBeCloseTo(0.5, 1);
    expect(historyHeadline(history)).toMatch(
      /^25 runs of shop\. .*p99 of response time in steady is worse by \+\d\d %/,
    );
    const text = sectionsText(historyHeadline(history), historySections(history));
    expect(text).toMatch(/^2026-01-16T00:00 .*✗ \d+/m);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('runs under other conditions are no part of it', () => {
    const moved = runs.map((_, at) => pastRun(at, slower(at), { conditions: at < 15 ? 'one' : 'another' }));
    const { courses } = historyOfRuns('shop', moved);
    expect(courses.flatMap(({ changes }) => changes)).toEqual([]);
    expect(courses.filter(({ figure }) => figure === 'responseTime.p99').map(({ values }) => values.length)).toEqual([
      15, 10,
    ]);
  });

  test('what is no evidence is left out, and no errors at all are a value', () => {
    const { courses } = historyOfRuns('shop', [pastRun(0, null), pastRun(1, 0), pastRun(2, 20_000)]);
    expect(courses.map(({ figure, values }) => [figure, values.length])).toEqual([
      ['throughput', 3],
      ['errorRatio', 3],
      ['responseTime.p99', 1],
    ]);
    expect(historyHeadline(historyOfRuns('shop', [pastRun(0, null)]))).toBe('1 run of shop: no change found.');
  });
});
