import { expect, test } from '@jest/globals';
import { duration } from '../../../lib/schedule/duration.ts';
import { durationUs } from '../../../lib/units.ts';

test.each([
  ['250us', 250],
  ['1.5ms', 1500],
  ['30s', 30e6],
  ['1h30m', 5400e6], // 3600 + 1800 s
  ['1d12h', 129_600e6], // 86,400 + 43,200 s
])('%s is %d µs', (text, us) => {
  expect(duration.safeParse(text).success).toBe(true);
  expect(durationUs(text)).toBe(us);
});

test.each(['', '5', '5 minutes', '-1s', 's', '1h 30m', 'NaNs', '1e3s'])('%j is none', (text) => {
  expect(duration.safeParse(text).success).toBe(false);
  expect(() => durationUs(text)).toThrow(TypeError);
});
