import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { merge, type Interval } from '../../lib/measure/interval.ts';
import { emptyArrivals, emptyLedger, type Ledger } from '../../lib/measure/ledger.ts';
import { countFrom, sumUs } from '../../lib/measure/histogram.ts';
import { partNames, partsOf } from '../../lib/measure/transfer.ts';
import { anyEvent, detailOf, recordAll, timed, transferOf, type Event } from './intervals.ts';

const events = fc.array(anyEvent, { maxLength: 80 });

const of = <E extends Event['event']>(all: readonly Event[], kind: E): Extract<Event, { event: E }>[] =>
  all.filter((each): each is Extract<Event, { event: E }> => each.event === kind);

/** The ledger of one step, counted from the events by the definition of design.md and nothing else. */
function ledgerOf(all: readonly Event[], step: number): Ledger {
  const ledger = { ...emptyLedger(), sent: of(all, 'sent').filter((each) => each.step === step).length };
  for (const { outcome, tookUs } of of(all, 'ended').filter((each) => each.step === step)) {
    if (outcome === 'ok' || outcome === 'timedOut' || outcome === 'cut') ledger[outcome] += 1;
    else {
      ledger.failed += 1;
      ledger.failures[outcome] = (ledger.failures[outcome] ?? 0) + 1;
    }
    if (outcome === 'ok' || outcome === 'cut') continue;
    const detail = detailOf(tookUs);
    const said = [ledger.examples?.[outcome] ?? [], detail ?? []].flat().toSorted();
    if (said[0] !== undefined) ledger.examples = { ...ledger.examples, [outcome]: said[0] };
  }
  return ledger;
}

const whole = (all: readonly Event[]): Interval => merge(recordAll(all).intervals.map(([, interval]) => interval));

test('law: the ledgers of the merged intervals are what was fed in', () => {
  fc.assert(
    fc.property(events, (all) => {
      const total = whole(all);
      const arrivals = emptyArrivals();
      for (const { what } of of(all, 'arrival')) arrivals[what] += 1;
      expect(total.arrivals).toEqual(arrivals);
      for (const [step, { ledger }] of total.steps) expect(ledger).toEqual(ledgerOf(all, step));
      const steps = new Set([...of(all, 'sent'), ...of(all, 'ended')].map(({ step }) => step));
      expect(new Set(total.steps.keys())).toEqual(steps);
    }),
  );
});

test('law: both times hold every request that came to an end, and none that was cut', () => {
  fc.assert(
    fc.property(events, (all) => {
      for (const [step, { responseTime, serviceTime }] of whole(all).steps) {
        const ended = of(all, 'ended').filter((each) => each.step === step && each.outcome !== 'cut');
        expect([responseTime.totalCount, serviceTime.totalCount]).toEqual([ended.length, ended.length]);
      }
    }),
  );
});

test('law: bytes and connections are the sums of what requests moved, cut ones too', () => {
  fc.assert(
    fc.property(events, (all) => {
      for (const [step, { transfers }] of whole(all).steps) {
        const own = of(all, 'ended').flatMap((each) => (each.step === step ? (transferOf(each) ?? []) : []));
        const sum = (read: (each: (typeof own)[number]) => number): number =>
          own.reduce((so, each) => so + read(each), 0);
        expect(transfers).toEqual({
          bytesSent: sum(({ bytesSent }) => bytesSent),
          bytesReceived: sum(({ bytesReceived }) => bytesReceived),
          opened: sum(({ opening }) => (opening === undefined ? 0 : 1)),
          reused: sum(({ opening }) => (opening === undefined ? 1 : 0)),
        });
      }
    }),
  );
});

test('law: the parts of the requests that went over connections are their service time, to a thousandth of each', () => {
  fc.assert(
    fc.property(events, (all) => {
      for (const [step, record] of whole(all).steps) {
        const own = of(all, 'ended').filter(
          (each) => each.step === step && each.outcome !== 'cut' && each.moved !== null,
        );
        const parts = partsOf(record);
        const sum = partNames.reduce((so, name) => so + sumUs(parts[name]), 0);
        const time = own.reduce((so, { tookUs }) => so + tookUs, 0);
        // A value stands for its cell's middle, which is off by a thousandth or by half a µs.
        expect(Math.abs(sum - time)).toBeLessThanOrEqual(0.002 * time + 5 * own.length);
        const reached = own.filter(({ moved }) => moved?.opening?.ready !== false).length;
        expect([parts.firstByte.totalCount, parts.body.totalCount]).toEqual([reached, reached]);
        expect(parts.lookup.totalCount).toBe(own.filter(({ moved }) => moved?.opening?.lookup !== undefined).length);
        expect(countFrom(parts.firstByte, 0)).toBe(reached);
      }
    }),
  );
});

test('law: users × time is the integral of the users, whatever the seconds', () => {
  fc.assert(
    fc.property(events, (all) => {
      const { endUs } = recordAll(all);
      let [integral, sinceUs, users] = [0, 0, 0];
      for (const each of timed(all)) {
        if (each.event !== 'users') continue;
        integral += users * (each.atUs - sinceUs);
        [sinceUs, users] = [each.atUs, each.users];
      }
      expect(whole(all).userUs).toBe(integral + users * (endUs - sinceUs));
    }),
  );
});

test('law: each second is handed on once, in order and without a gap', () => {
  fc.assert(
    fc.property(events, (all) => {
      const { intervals, endUs } = recordAll(all);
      expect(intervals.map(([second]) => second)).toEqual(
        Array.from({ length: Math.floor(endUs / 1e6) + 1 }, (_, second) => second),
      );
    }),
  );
});

test('law: an event stands in the second in which it happened', () => {
  fc.assert(
    fc.property(events, (all) => {
      const sent = timed(all).filter(({ event }) => event === 'sent');
      for (const [second, { steps }] of recordAll(all).intervals) {
        const here = sent.filter(({ atUs }) => Math.floor(atUs / 1e6) === second).length;
        expect([...steps.values()].reduce((sum, { ledger }) => sum + ledger.sent, 0)).toBe(here);
      }
    }),
  );
});

test("law: the generator's own figures add up, and the busiest second stays", () => {
  fc.assert(
    fc.property(events, (all) => {
      const { generator, startDelay } = whole(all);
      const of1 = (event: string) => all.flatMap((each) => (each.event === event && 'us' in each ? [each.us] : []));
      const cpu = of1('cpu');
      expect(generator.cpuUs).toBe(cpu.reduce((sum, us) => sum + us, 0));
      expect(generator.wallUs).toBe(cpu.length * 1e6);
      expect(generator.busiestRatio).toBe(Math.max(0, ...cpu.map((us) => us / 1e6)));
      expect(generator.eventLoopDelay.totalCount).toBe(of1('eventLoopDelay').length);
      expect(startDelay.totalCount).toBe(of1('startDelay').length);
    }),
  );
});
