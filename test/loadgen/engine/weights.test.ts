import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Apportionment, cumulative, indexBelow, stratified } from '../../../loadgen/engine/weights.ts';
import { runVirtually } from './virtual-phase.ts';

const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 });

const countsOf = (kinds: readonly number[], of: number): number[] =>
  Array.from({ length: of }, (_, kind) => kinds.filter((each) => each === kind).length);

test('law: of the first n users each scenario has its share, rounded down or up', () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 300 }), (given, users) => {
      const apportionment = new Apportionment(given);
      const kinds = Array.from({ length: users }, (_, index) => apportionment.kindOf(index));
      const total = given.reduce((sum, weight) => sum + weight, 0);
      for (const [kind, count] of countsOf(kinds, given.length).entries()) {
        const share = (users * (given[kind] ?? 0)) / total;
        expect(count).toBeGreaterThanOrEqual(Math.floor(share));
        expect(count).toBeLessThanOrEqual(Math.ceil(share));
      }
    }),
  );
});

test('law: whoever is asked first, a user has the same scenario', () => {
  fc.assert(
    fc.property(weights, fc.array(fc.nat({ max: 200 }), { minLength: 1 }), (given, asked) => {
      const [some, all] = [new Apportionment(given), new Apportionment(given)];
      const inOrder = Array.from({ length: 201 }, (_, index) => all.kindOf(index));
      expect(asked.map((index) => some.kindOf(index))).toEqual(asked.map((index) => inOrder[index]));
    }),
  );
});

test('law: among a hundred and one arrivals each scenario has its share, give or take less than two', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat({ max: 1000 }), weights, (seed, run, given) => {
      const bounds = cumulative(given);
      const kinds = Array.from({ length: 101 }, (_, at) => indexBelow(bounds, stratified(seed, run * 101 + at)));
      const total = given.reduce((sum, weight) => sum + weight, 0);
      for (const [kind, count] of countsOf(kinds, given.length).entries())
        expect(Math.abs(count - (101 * (given[kind] ?? 0)) / total)).toBeLessThan(2);
    }),
  );
});

test('which arrival of a hundred gets what is chance: neighbours are neither alike nor in turns', () => {
  const halves = Array.from({ length: 10_100 }, (_, index) => stratified(7, index) < 0.5);
  const alike = halves.filter((half, at) => at > 0 && half === halves[at - 1]).length;
  // Of 10,099 pairs half are alike, give or take 4 standard deviations of 50; runs of one permutation are correlated, so 3 times that.
  expect(Math.abs(alike - 5050)).toBeLessThan(600);
});

describe('users and arrivals of a phase', () => {
  const four = ['a', 'b', 'c', 'd'].map((name) => ({ name, steps: [{ get: `/${name}` }] }));
  const mix = (paths: readonly string[]): Record<string, number> =>
    Object.fromEntries(['/a', '/b', '/c', '/d'].map((path) => [path, paths.filter((each) => each === path).length]));

  test.each([
    [
      { duration: '100ms', closed: { users: 4 } },
      { '/a': 1, '/b': 1, '/c': 1, '/d': 1 },
    ],
    [
      { duration: '1010ms', open: { rate: 400 } },
      { '/a': 101, '/b': 101, '/c': 101, '/d': 101 },
    ],
  ])('%j', async (load, expected) => {
    const { sent } = await runVirtually({ scenarios: four, load }, () => ({ afterMs: 100 }));
    const counted = Object.values(mix(sent.map(({ path }) => path)));
    expect(counted.map((count, at) => Math.abs(count - (Object.values(expected)[at] ?? 0)) <= 1)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  test('ten users of 90 to 10 are nine and one, whatever the seed and however many workers', async () => {
    const scenarios = [
      { name: 'a', weight: 90, steps: [{ get: '/a' }] },
      { name: 'b', weight: 10, steps: [{ get: '/b' }] },
    ];
    for (const workers of [1, 3]) {
      const paths: string[] = [];
      for (let index = 0; index < workers; index += 1) {
        const load = { duration: '50ms', closed: { users: 10 } };
        const { sent } = await runVirtually({ seed: workers, scenarios, load }, () => ({ afterMs: 60 }), {
          share: { index, of: workers },
        });
        paths.push(...sent.map(({ path }) => path));
      }
      expect(mix(paths)).toMatchObject({ '/a': 9, '/b': 1 });
    }
  });
});
