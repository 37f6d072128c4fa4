import { expect, test } from '@jest/globals';
import { describeLoad } from '../../../lib/plan/describe-load.ts';
import type { Segment } from '../../../lib/schedule/segment.ts';

const segment = (from: number, to: number, seconds: number): Segment => ({ from, to, durationUs: seconds * 1e6 });

test.each<readonly ['open' | 'closed', readonly Segment[], string]>([
  ['open', [segment(200, 200, 30)], '200 arrivals/s'],
  ['closed', [segment(50, 50, 30)], '50 users'],
  ['closed', [segment(1, 1, 30)], '1 user'],
  ['closed', [segment(1, 10, 30)], '1 → 10 users'],
  ['closed', [segment(20, 200, 30)], '20 → 200 users'],
  ['open', [segment(0, 0, 5)], '0 arrivals/s'],
  ['open', [segment(0.5, 0.5, 5)], '0.5 arrivals/s'],
  ['open', [], 'no arrivals/s'],
  ['closed', [segment(50, 50, 60), segment(500, 500, 30)], 'users: 50 for 1 min, 500 for 30 s'],
  ['open', [segment(1000, 2000, 90), segment(0, 0, 0.5)], 'arrivals/s: 1,000 → 2,000 for 1 min 30 s, 0 for 500 ms'],
  [
    'closed',
    [1, 2, 3, 4, 5].map((level) => segment(level, level, 1)),
    'users: 1 for 1 s, 2 for 1 s, 3 for 1 s, 4 for 1 s, …',
  ],
])('%s %j is %s', (model, segments, text) => {
  expect(describeLoad({ model, segments })).toBe(text);
});

test('requests are called so', () => {
  expect(describeLoad({ model: 'open', counts: 'requests', segments: [segment(2500, 2500, 60)] })).toBe(
    '2,500 requests/s',
  );
});

test('a pace is a part of the load', () => {
  expect(describeLoad({ model: 'closed', segments: [segment(50, 50, 60)], paceUs: 2e6 })).toBe(
    '50 users, a journey every 2 s',
  );
});
