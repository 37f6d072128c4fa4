import { describe, expect, test } from '@jest/globals';
import { AbortWatch } from '../../../lib/analysis/abort.ts';
import { parseAbort } from '../../../lib/plan/objective.ts';

const none = Number.NaN;

/** The second after which a condition ends the phase, by what it reads in each; undefined where it doesn't. */
function endOf(text: string, values: readonly number[]): number | undefined {
  const condition = parseAbort(text);
  const watch = new AbortWatch(condition === undefined ? [] : [condition]);
  return values
    .map((value, second) => watch.after(second, new Map([[text, value]]))?.atSeconds)
    .find((atSeconds) => atSeconds !== undefined);
}

describe('a condition ends a phase', () => {
  test.each([
    ['when it has held for its time', [0, 1, 1, 1, 1], 4],
    ['not when a second is within', [1, 1, 0, 1, 1, 0], undefined],
    ['when silent seconds lie between', [1, none, 1, none, 1], 5],
    // Three readings at least: at the end of the fourth second there are two.
    ['not for two readings', [1, none, none, 1, none], undefined],
    ['never without evidence', [none, none, none, none], undefined],
    ['not at the limit', [0.5, 0.5, 0.5, 0.5], undefined],
  ])('%s', (_, values, atSeconds) => {
    expect(endOf('errors > 50% for 3s', values)).toBe(atSeconds);
  });

  test('at once where only its window says how long', () => {
    expect(endOf('errors over 5s > 50%', [0, 0.4, 0.6])).toBe(3);
  });

  test('the first of several, with its value', () => {
    const conditions = ['errors > 50% for 9s', 'throughput < 5/s for 2s'].flatMap((text) => parseAbort(text) ?? []);
    const watch = new AbortWatch(conditions);
    const readings = new Map([
      ['errors > 50% for 9s', 1],
      ['throughput < 5/s for 2s', 3],
    ]);
    expect(watch.after(0, readings)).toBeUndefined();
    expect(watch.after(1, readings)).toEqual({ condition: 'throughput < 5/s for 2s', value: 3, atSeconds: 2 });
  });
});
