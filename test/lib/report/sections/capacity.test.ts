import { expect, test } from '@jest/globals';
import type { CapacityFinding } from '../../../../lib/analysis/capacity/finding.ts';
import { capacitySection } from '../../../../lib/report/sections/capacity.ts';
import { reportOf } from '../fixture.ts';
import type { Report } from '../../../../lib/report/report.ts';

const probe = { purpose: 'close', seconds: 15, throughputPerSecond: 99, users: 2, meanUs: 20_000 } as const;
const found: CapacityFinding = {
  verdict: 'found',
  reason: 'It was held.',
  perSecond: 101,
  interval: [98, 104],
  confidence: 0.95,
  holdSeconds: 30,
  heldPerSecond: 99,
  objective: 'errors < 1%',
  arrivals: 'poisson',
  probes: [
    { ...probe, perSecond: 99, verdict: 'pass', quantilesUs: [undefined], failedRatio: 0, piledUp: false },
    { ...probe, perSecond: 110, verdict: 'fail', quantilesUs: [undefined], failedRatio: 0.05, piledUp: false },
  ],
};

function reportWith(capacity: CapacityFinding): Report {
  const report = reportOf([]);
  return { ...report, summary: { ...report.summary, capacity } };
}

const shown = (capacity: CapacityFinding): string => JSON.stringify(capacitySection(reportWith(capacity)));

test('it leads with one number, its interval, and what breaks first', () => {
  const section = capacitySection(reportWith(found));
  expect(section?.blocks[0]).toMatchObject({
    figures: [
      {
        label: 'Capacity',
        value: '101/s',
        note: expect.stringContaining('95 % sure: 98 to 104/s; held at 99/s for 30 s'),
      },
      { label: 'Breaks first', value: 'errors < 1%' },
    ],
  });
});

test('the chart says what it shows; a mean is called one', () => {
  expect(shown(found)).toContain(
    'Each mark is a probe: the mean time, over its rate; the interval of the capacity is shaded.',
  );
  expect(shown(found)).toContain('Mean time');
  const timed = {
    ...found,
    limitUs: 100_000,
    probes: found.probes.map((each) => ({ ...each, quantilesUs: [30_000] })),
  };
  expect(shown(timed)).toContain('the limit of 100 ms is dashed.');
  expect(shown(timed)).not.toContain('Mean time');
});
