import { expect, test } from '@jest/globals';
import { capacityOf } from '../../../../lib/analysis/capacity/capacity.ts';
import { seeded } from './servers.ts';
import { simulate } from './simulate.ts';
import { unseenCases } from './unseen-cases.ts';

test('a service that scaled out is tried above what it failed at, and that no longer counts', () => {
  const one = unseenCases.find(({ name }) => name.startsWith('M/M/1 200/s, 400/s from the 60th second on'));
  if (one === undefined) throw new Error('no such case');
  const { settings, server } = one;
  const { verdict, perSecond, reason } = capacityOf(settings, simulate(server(1), settings, seeded(5)).probes);
  expect(verdict).toBe('unknown');
  // It carried 160/s before; 176/s, which was believed, is no answer.
  expect(perSecond).toBeGreaterThan(250);
  expect(reason).toMatch(/capacity changed during the search: about 160\/s before, 300\/s or more after/);
});
