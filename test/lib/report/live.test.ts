import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Point } from '../../../lib/measure/measurement.ts';
import { liveLine, livePanel, type LiveState } from '../../../lib/report/live.ts';
import { outcomeOf, phaseOf } from '../analysis/measured.ts';

const point = (second: Parameters<typeof outcomeOf>[1][number]): Point | undefined =>
  outcomeOf({}, [second]).measurement.points[0];
const busy = point({ ok: 97, failed: { reset: 3 }, responseUs: 1000, users: 4.4, startDelayUs: 200 });
const idle = point({});

const stateOf = (more: Partial<LiveState> = {}): LiveState => ({
  phase: phaseOf({ name: 'peak', kind: 'stress', seconds: 60, level: 100 }),
  number: 2,
  phases: 3,
  elapsedUs: 15e6,
  leftUs: 90e6,
  latest: busy,
  ...more,
});

test('a line tells where the run is, and its latest second', () => {
  expect(liveLine(stateOf())).toBe(
    '[2/3] peak 15 s of 1 min: offered 100/s, carried 97 req/s, p50 1 ms, p99 1 ms, errors 3 % (connection 3 %), users 4, start delay p99 200 µs',
  );
});

test('a repeat says which it is, in the line and in the panel', () => {
  const repeat = { number: 2, of: 5 };
  expect(liveLine(stateOf({ repeat }))).toMatch(/^\[run 2\/5, 2\/3\] peak/);
  expect(livePanel(stateOf({ repeat }), 80)[1]).toContain('run 2 of 5, phase 2 of 3, ');
});

test('what there is to say beside the figures stands behind them, and below them in a panel', () => {
  const remarks = ['output influx 3 seconds waiting: it is slow'];
  expect(liveLine(stateOf({ remarks }))).toMatch(
    /start delay p99 200 µs; output influx 3 seconds waiting: it is slow$/,
  );
  expect(livePanel(stateOf({ remarks }), 120).at(-1)).toBe(remarks[0]);
});

test('a name can neither steer the terminal nor break the line', () => {
  const phase = phaseOf({ name: 'a\n\u001B[31mb' });
  expect(liveLine(stateOf({ phase, latest: undefined, elapsedUs: 0 }))).toBe('[2/3] a \uFFFD[31mb 0 µs of 10 s');
  expect(livePanel(stateOf({ phase }), 80)[0]).toMatch(/^a \uFFFD\[31mb · /);
});

test('before the first second a line tells only where it is', () => {
  expect(liveLine(stateOf({ latest: undefined, elapsedUs: 0 }))).toBe('[2/3] peak 0 µs of 1 min');
});

test('a second in which nothing happened has no figures of it', () => {
  expect(liveLine(stateOf({ latest: idle }))).toContain('carried 0 req/s, p50 –, p99 –, errors –, users 1');
});

describe('a panel', () => {
  test('shows the phase, how far it is, and the latest second', () => {
    const [title, bar, ...figures] = livePanel(stateOf(), 120);
    expect(title).toBe('peak · stress · 100 arrivals/s');
    expect(bar).toBe(`${'█'.repeat(6)}${'░'.repeat(18)} 25 %   phase 2 of 3, 1 min 30 s left`); // a quarter of 24
    expect(figures.join(' ')).toContain('p99 1 ms');
  });

  test.each([
    [0, '░'.repeat(24)],
    [60e6, '█'.repeat(24)],
    [90e6, '█'.repeat(24)], // while its last replies come in
  ])('at %d µs of 60 s has its bar so: %s', (elapsedUs, bar) => {
    expect(livePanel(stateOf({ elapsedUs }), 80)[1]?.slice(0, 24)).toBe(bar);
  });

  test('says once what a phase is that is called so', () => {
    expect(livePanel(stateOf({ phase: phaseOf({ name: 'sustained' }) }), 120)[0]).toBe('sustained · 10 arrivals/s');
  });

  test('waits before the first second', () => {
    expect(livePanel(stateOf({ latest: undefined }), 80)[2]).toContain('waiting');
  });

  test('is never wider than the terminal, and loses no figure by that', () => {
    fc.assert(
      fc.property(fc.integer({ min: 24, max: 200 }), fc.string({ maxLength: 100 }), (columns, name) => {
        const lines = livePanel(stateOf({ phase: phaseOf({ name }) }), columns);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
        expect(lines.slice(2).join('   ').split('   ')).toHaveLength(7);
      }),
    );
  });
});
