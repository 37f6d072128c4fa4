import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { runId } from '../../../lib/run/run-id.ts';

const START_MS = Date.parse('2026-11-21T04:20:11.987Z');

test.each([
  ['week 7', '2026-11-21T04-20-11Z-week-7'],
  ['-- 50 % of 200/s --', '2026-11-21T04-20-11Z-50-of-200-s'],
  ['Größe', '2026-11-21T04-20-11Z-gr-e'],
  ['試験', '2026-11-21T04-20-11Z'],
  // 20 letters of time and a hyphen leave 40: 39 letters, and the hyphen after them goes.
  [`${'a'.repeat(39)} b`, `2026-11-21T04-20-11Z-${'a'.repeat(39)}`],
])('%j is %s', (name, id) => {
  expect(runId(START_MS, { name })).toBe(id);
});

test('any name gives an id that is a folder, a key and a word in a shell; ids sort as their starts do', () => {
  const second = fc.integer({ min: 0, max: 4e9 });
  fc.assert(
    fc.property(second, second, fc.string(), fc.string(), (a, b, one, other) => {
      const [first, later] = [runId(a * 1000, { name: one }), runId(b * 1000, { name: other })];
      expect(first).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-[a-z0-9]+)*$/);
      expect(first.length).toBeLessThanOrEqual(61);
      expect(a < b ? first < later : true).toBe(true);
    }),
  );
});
