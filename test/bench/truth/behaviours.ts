import { afterBlocking, queueOf, type Behaviour, type Blocking } from './behaviour.ts';

const MS = 1e3;
const SECOND = 1e6;

/** A prime, so that arrivals fall on other moments of every period and no percentile lies on a step of the distribution. */
const PER_SECOND = 197;

const fixedDelay: Behaviour = {
  name: 'fixed',
  title: 'every reply after 20 ms',
  perSecond: PER_SECOND,
  seconds: 5,
  begin: () => (atUs) => atUs + 20 * MS,
};

const STALL: Blocking = { periodUs: 10 * SECOND, fromUs: 4.5 * SECOND, lengthUs: SECOND };

/** The connections stay open and requests are read; only replies wait for the stall's end. */
const stall: Behaviour = {
  name: 'stall',
  title: 'a stall of 1 s in every 10 s, else 5 ms',
  perSecond: PER_SECOND,
  seconds: 20,
  begin: () => (atUs) => afterBlocking(STALL, atUs) + 5 * MS,
};

const queue: Behaviour = {
  name: 'queue',
  title: '4 servers of 20 ms (200/s at the most), offered 210/s',
  perSecond: 210,
  seconds: 10,
  begin: () => queueOf(4, 20 * MS),
};

const SLOW_FOR_US = 5 * SECOND;

const slowStart: Behaviour = {
  name: 'slow-start',
  title: 'slow start: 1,010 ms at first, falling evenly to 10 ms within 5 s',
  perSecond: PER_SECOND,
  seconds: 10,
  begin: () => (atUs) => atUs + 10 * MS + SECOND * Math.max(0, 1 - atUs / SLOW_FOR_US),
};

/** Nearly a second; arrivals at 197/s would fall on the same moments of every whole one. */
const PAUSE: Blocking = { periodUs: 997 * MS, fromUs: 0.5 * SECOND, lengthUs: 100 * MS };

/** As a garbage collection that stops everything: nothing is read and nothing is written. */
const pause: Behaviour = {
  name: 'pause',
  title: 'the whole process stands still for 100 ms in every 997 ms, else 5 ms',
  perSecond: PER_SECOND,
  seconds: 10,
  begin: () => (atUs) => afterBlocking(PAUSE, afterBlocking(PAUSE, atUs) + 5 * MS),
  blocking: PAUSE,
};

/** Every server whose truth is known. */
export const behaviours: readonly Behaviour[] = [fixedDelay, stall, queue, slowStart, pause];
