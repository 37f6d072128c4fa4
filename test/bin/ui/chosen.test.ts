import { expect, test } from '@jest/globals';
import { chosenFrom, sidesOf } from '../../../bin/ui/chosen.ts';
import type { StoredRepeats } from '../../../bin/ui/stored-repeats.ts';
import type { RunLine } from '../../../lib/run/archive/runs.ts';

/** As the list has them, the newest first. */
const lines = ['b', 'after/2', 'after/1', 'a', 'before/2', 'before/1'].map((id) => ({ id }) as RunLine);
const repeats = [{ name: 'before' }, { name: 'after' }] as StoredRepeats[];

test.each<[string[], string[], string[]]>([
  [['a', 'b'], ['a'], ['b']],
  [['b', 'a', 'before/1'], ['before/1', 'a'], ['b']],
  [
    ['before', 'after'],
    ['before/1', 'before/2'],
    ['after/1', 'after/2'],
  ],
  [
    ['before', 'after/2', 'after'],
    ['before/1', 'before/2'],
    ['after/1', 'after/2'],
  ],
  [['after', 'b'], ['after/1', 'after/2'], ['b']],
  // Within one series the newest is held against the others.
  [['after'], ['after/1'], ['after/2']],
  [['b'], [], ['b']],
])('of %j the baselines are %j, and the runs %j', (names, baselines, runs) => {
  expect(sidesOf(chosenFrom(lines, repeats, names) ?? [])).toEqual([baselines, runs]);
});

test.each([[['b', 'gone']], [['before', '..']], [['before/3']]])('of %j one is not there', (names) => {
  expect(chosenFrom(lines, repeats, names)).toBeUndefined();
});
