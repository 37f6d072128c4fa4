import { expect, test } from '@jest/globals';
import type { Knee } from '../../../../lib/analysis/capacity/knee.ts';
import type { Report } from '../../../../lib/report/report.ts';
import { kneeSection } from '../../../../lib/report/sections/knee.ts';

const told = (knee: Knee | undefined): string[] | undefined =>
  kneeSection({ summary: { knee } } as Report)?.blocks.flatMap((block) =>
    block.block === 'list' ? block.items.map(({ text }) => text) : block.block === 'sentence' ? [block.text] : [],
  );

test('each turn has a sentence with its load, and what did not turn has none', () => {
  const knee = { load: 310.4, perSecond: 812 };
  expect(
    told({ loadIn: 'users', upTo: { load: 500, perSecond: 900 }, knee, errors: { load: 480, perSecond: 850 } }),
  ).toEqual([
    'Knee, where throughput for its response time is greatest: 310 users (812/s)',
    'More than 1 % failed from 480 users (850/s)',
    'The load went up to 500 users (900/s).',
  ]);
});

test('a climb in which nothing turned says how far it went; no climb says nothing', () => {
  expect(told({ loadIn: 'arrivals', upTo: { load: 80.25, perSecond: 240 } })).toEqual([
    'Nothing turned up to 80.3 arrivals/s (240/s).',
  ]);
  expect(told(undefined)).toBeUndefined();
});
