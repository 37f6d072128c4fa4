import { expect, test } from '@jest/globals';
import { concentrationOf } from '../../../../lib/analysis/diagnosis/concentration.ts';
import { record } from '../../../../lib/measure/histogram.ts';
import { emptyInterval, stepOf } from '../../../../lib/measure/interval.ts';
import { planOf } from '../../run/plan.ts';
import { measuredIn, phaseOf } from '../measured.ts';

interface Seen {
  readonly ok: number;
  readonly timedOut?: number;
  readonly failed?: number;
  /** Of the requests that were answered. */
  readonly us?: number;
}

/** A phase in which the steps of `/0`, `/1` … went as given; paths may repeat, which makes them one step. */
function outcomeOf(seen: readonly Seen[]) {
  const interval = emptyInterval();
  for (const [number, { ok, timedOut = 0, failed = 0, us = 1000 }] of seen.entries()) {
    const { ledger, responseTime } = stepOf(interval, number);
    Object.assign(ledger, { sent: ok + timedOut + failed, ok, timedOut, failed, failures: { 'status.500': failed } });
    for (let request = 0; request < ok; request += 1) record(responseTime, us);
    for (let request = 0; request < timedOut; request += 1) record(responseTime, 5e6);
  }
  return measuredIn({}, [[0, interval]]);
}

const find = (seen: readonly Seen[], objective = 'errors < 1%', paths = seen.map((_, number) => `/${number}`)) => {
  const found = concentrationOf(planOf([phaseOf({})], paths), outcomeOf(seen), objective);
  return found?.steps.map(({ name, bad, ended }) => `${name} ${bad}/${ended}`);
};

const GOOD: Seen = { ok: 200 };

test.each<readonly [string, readonly Seen[], string, readonly string[] | undefined]>([
  ['one of four', [GOOD, GOOD, { ok: 20, timedOut: 180 }, GOOD], 'errors < 1%', ['GET /2 180/200']],
  ['one of four by status', [GOOD, GOOD, GOOD, { ok: 20, failed: 180 }], 'errors < 1%', ['GET /3 180/200']],
  // Slow, though none of them failed: 200 ms where 100 are wanted.
  ['one of four by time', [GOOD, { ok: 200, us: 200_000 }, GOOD, GOOD], 'p95 < 100ms', ['GET /1 200/200']],
  [
    'two of six, the worse one first',
    [GOOD, { ok: 100, timedOut: 100 }, GOOD, GOOD, { ok: 50, timedOut: 150 }, GOOD],
    'errors < 1%',
    ['GET /4 150/200', 'GET /1 100/200'],
  ],
  [
    'two of four are no few',
    [{ ok: 100, timedOut: 100 }, GOOD, { ok: 100, timedOut: 100 }, GOOD],
    'errors < 1%',
    undefined,
  ],
  ['all of them', [1, 2, 3, 4].map(() => ({ ok: 100, timedOut: 100 })), 'errors < 1%', undefined],
  ['none', [GOOD, GOOD, GOOD, GOOD], 'errors < 1%', undefined],
  // 180 of 200 against 30 of 600: 5 % is less than a fifth of 90 %, but they hold only 86 % of what went wrong.
  [
    'most of it',
    [{ ok: 20, timedOut: 180 }, ...[1, 2, 3].map(() => ({ ok: 190, timedOut: 10 }))],
    'errors < 1%',
    undefined,
  ],
  ['a step that few came to', [GOOD, GOOD, GOOD, { ok: 0, timedOut: 10 }], 'errors < 1%', undefined],
  ['a plan of one step', [{ ok: 20, timedOut: 180 }], 'errors < 1%', undefined],
])('%s', (_, seen, objective, expected) => {
  expect(find(seen, objective)).toEqual(expected);
});

test('steps of one name are one, such as the login of two scenarios', () => {
  const login = { ok: 10, timedOut: 90 };
  expect(find([login, GOOD, login, GOOD, GOOD], 'errors < 1%', ['/login', '/a', '/login', '/b', '/c'])).toEqual([
    'GET /login 180/200',
  ]);
});
