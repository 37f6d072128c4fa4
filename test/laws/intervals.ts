import * as fc from 'fast-check';
import { failureKinds, type FailureKind } from '../../lib/measure/failures.ts';
import { emptyInterval, merge, type Interval } from '../../lib/measure/interval.ts';
import { Recorder, type Outcome } from '../../lib/measure/recorder.ts';
import type { Transfer } from '../../lib/measure/transfer.ts';

/** A request's bytes, and in shares of a tenth of its time what it took to come there, and its body. */
interface Moved {
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly opening: {
    readonly lookup?: number;
    readonly connect: number;
    readonly tls?: number;
    readonly ready: boolean;
  } | null;
  readonly body: number;
}

/** Something that happens to a recorder, `afterUs` after what came before it. */
export type Event = { readonly afterUs: number } & (
  | { readonly event: 'arrival'; readonly what: 'due' | 'started' | 'dropped' | 'completed' | 'abandoned' | 'cut' }
  | { readonly event: 'startDelay' | 'eventLoopDelay' | 'cpu'; readonly us: number }
  | { readonly event: 'users'; readonly users: number }
  | { readonly event: 'sent'; readonly step: number }
  | {
      readonly event: 'ended';
      readonly step: number;
      readonly waitedUs: number;
      readonly tookUs: number;
      readonly outcome: Outcome;
      readonly moved: Moved | null;
    }
);

const kinds = Object.keys(failureKinds) as FailureKind[];
const afterUs = fc.oneof(fc.nat(2000), fc.nat(3_000_000));
const us = fc.oneof(fc.nat(2000), fc.nat(10_000_000));
const step = fc.nat(3);
const outcome = fc.constantFrom<Outcome>('ok', 'ok', 'timedOut', 'cut', 'status.503', ...kinds);

const tenths = fc.nat(2);
const moved: fc.Arbitrary<Moved> = fc.record({
  bytesSent: fc.nat(1_000_000),
  bytesReceived: fc.nat(1_000_000),
  opening: fc.option(
    fc.record(
      { lookup: tenths, connect: tenths, tls: tenths, ready: fc.boolean() },
      { requiredKeys: ['connect', 'ready'] },
    ),
  ),
  body: tenths,
});

/** As a sender tells it of a request that took so long. */
export function transferOf({ moved: own, tookUs }: Extract<Event, { event: 'ended' }>): Transfer | undefined {
  if (own === null) return undefined;
  const part = (share: number): number => Math.floor((tookUs * share) / 10);
  const { opening, body } = own;
  return {
    bytesSent: own.bytesSent,
    bytesReceived: own.bytesReceived,
    bodyUs: opening?.ready === false ? 0 : part(body),
    ...(opening !== null && {
      opening: {
        ...(opening.lookup !== undefined && { lookupUs: part(opening.lookup) }),
        connectUs: part(opening.connect),
        ...(opening.tls !== undefined && { tlsUs: part(opening.tls) }),
        ready: opening.ready,
      },
    }),
  };
}

export const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    afterUs,
    event: fc.constant('arrival' as const),
    what: fc.constantFrom('due', 'started', 'dropped', 'completed', 'abandoned', 'cut'),
  }),
  fc.record({ afterUs, event: fc.constantFrom('startDelay', 'eventLoopDelay', 'cpu'), us }),
  fc.record({ afterUs, event: fc.constant('users' as const), users: fc.nat(1000) }),
  fc.record({ afterUs, event: fc.constant('sent' as const), step }),
  fc.record({
    afterUs,
    event: fc.constant('ended' as const),
    step,
    waitedUs: us,
    tookUs: us,
    outcome,
    moved: fc.option(moved),
  }),
);

/** Some failures come with what the system said. */
export const detailOf = (tookUs: number): string | undefined => (tookUs % 2 === 0 ? `said ${tookUs}` : undefined);

/** The same events with their times, which are whole µs so that sums of them are exact. */
export function timed(events: readonly Event[]): (Event & { readonly atUs: number })[] {
  let atUs = 0;
  return events.map((event) => ({ ...event, atUs: (atUs += event.afterUs) }));
}

/** A worker's CPU is told for the second before. */
const WALL_US = 1_000_000;

/** Feeds events to a recorder and returns its intervals by second; `endUs` is the time of the last flush. */
export function recordAll(events: readonly Event[]): { intervals: [second: number, Interval][]; endUs: number } {
  const intervals: [number, Interval][] = [];
  const recorder = new Recorder((second, interval) => intervals.push([second, merge([interval])]));
  const all = timed(events);
  for (const each of all) feed(recorder, each);
  const endUs = all.at(-1)?.atUs ?? 0;
  recorder.flush(endUs);
  return { intervals, endUs };
}

function feed(recorder: Recorder, each: Event & { readonly atUs: number }): void {
  const { atUs } = each;
  switch (each.event) {
    case 'arrival':
      return recorder.arrival(atUs, each.what);
    case 'startDelay':
      return recorder.startDelay(atUs, each.us);
    case 'eventLoopDelay':
      return recorder.eventLoopDelay(atUs, each.us);
    case 'cpu':
      return recorder.cpu(atUs, each.us, WALL_US);
    case 'users':
      return recorder.users(atUs, each.users);
    case 'sent':
      return recorder.sent(atUs, each.step);
    case 'ended': {
      const sentUs = atUs - each.tookUs;
      return recorder.ended({
        step: each.step,
        intendedUs: sentUs - each.waitedUs,
        sentUs,
        endedUs: atUs,
        outcome: each.outcome,
        transfer: transferOf(each),
        detail: detailOf(each.tookUs),
      });
    }
  }
}

/** Whatever a second may hold. */
export const anyInterval: fc.Arbitrary<Interval> = fc
  .array(anyEvent, { maxLength: 25 })
  .map(
    (events) =>
      recordAll(events.map((event) => ({ ...event, afterUs: event.afterUs % 20_000 }))).intervals[0]?.[1] ??
      emptyInterval(),
  );
