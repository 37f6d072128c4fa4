import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { reconcile } from '../../../lib/measure/reconcile.ts';
import { addInterval, allSteps, emptyInterval, stepOf, type Interval } from '../../../lib/measure/interval.ts';
import { openEntries } from '../../../lib/measure/ledger.ts';

/** A worker's account at the moment it was lost: of each kind, how many were over and how many still under way. */
const account = fc.record({
  dropped: fc.nat(50),
  waiting: fc.nat(50),
  ended: fc.nat(50),
  underWay: fc.nat(50),
  requests: fc.array(fc.record({ ok: fc.nat(50), timedOut: fc.nat(5), open: fc.nat(50) }), { maxLength: 3 }),
  never: fc.nat(500),
});

type Account = typeof account extends fc.Arbitrary<infer T> ? T : never;

function judgedPoints({ dropped, waiting, ended, underWay, requests }: Omit<Account, 'never'>): Interval {
  const told = emptyInterval();
  Object.assign(told.arrivals, {
    due: dropped + waiting + ended + underWay,
    started: ended + underWay,
    dropped,
    completed: ended,
  });
  requests.forEach(({ ok, timedOut, open }, step) => {
    Object.assign(stepOf(told, step).ledger, { sent: ok + timedOut + open, ok, timedOut });
  });
  return told;
}

test('law: with it the ledger closes, and due is what the plan says', () => {
  fc.assert(
    fc.property(account, ({ never, ...rest }) => {
      const told = judgedPoints(rest);
      const due = told.arrivals.due + never;
      addInterval(told, reconcile(told, due));
      expect(openEntries(told.arrivals, allSteps(told).ledger)).toEqual([]);
      expect(told.arrivals.due).toBe(due);
    }),
  );
});

test('law: a ledger that closes already gains nothing', () => {
  fc.assert(
    fc.property(account, (rest) => {
      const told = judgedPoints({
        ...rest,
        waiting: 0,
        underWay: 0,
        requests: rest.requests.map((request) => ({ ...request, open: 0 })),
      });
      expect(reconcile(told, undefined)).toEqual(emptyInterval());
    }),
  );
});
