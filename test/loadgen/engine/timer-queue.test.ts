import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { TimerQueue, type OneShotTimer } from '../../../loadgen/engine/timer-queue.ts';

/** A world in which time goes on only from timer to timer, each of which fires `lateUs` after it should. */
class World implements OneShotTimer {
  nowUs = 0;
  firings = 0;
  readonly #lateUs: number;
  #next: { atUs: number; fired: () => void } | undefined;

  constructor(lateUs = 0) {
    this.#lateUs = lateUs;
  }

  set(delayUs: number, fired: () => void): void {
    this.#next = { atUs: this.nowUs + delayUs, fired };
  }

  close(): void {
    this.#next = undefined;
  }

  /** Until no timer is set. */
  run(): void {
    for (let next = this.#next; next !== undefined; next = this.#next) {
      this.#next = undefined;
      this.nowUs = Math.max(this.nowUs, next.atUs) + this.#lateUs;
      this.firings += 1;
      next.fired();
    }
  }
}

const anyTimes = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 60 });

test('law: everybody is woken once, in the order of their times, never early, and at most a gap late', () => {
  fc.assert(
    fc.property(anyTimes, fc.nat(2000), (times, lateUs) => {
      const world = new World(lateUs);
      const timerQueue = new TimerQueue(() => world.nowUs, world);
      const woken: [atUs: number, nowUs: number][] = [];
      for (const atUs of times) timerQueue.add({ atUs, wake: (nowUs) => woken.push([atUs, nowUs]) });
      world.run();
      expect(woken.map(([atUs]) => atUs)).toEqual(times.toSorted((a, b) => a - b));
      // 500 µs is the least gap between two firings.
      expect(woken.filter(([atUs, nowUs]) => nowUs < atUs || nowUs > atUs + 500 + lateUs)).toEqual([]);
    }),
  );
});

test('law: firings are never closer together than 500 µs', () => {
  fc.assert(
    fc.property(anyTimes, (times) => {
      const world = new World();
      const timerQueue = new TimerQueue(() => world.nowUs, world);
      for (const atUs of times) timerQueue.add({ atUs, wake: () => undefined });
      world.run();
      expect(world.firings).toBeLessThanOrEqual(2 + Math.max(...times) / 500);
    }),
  );
});

test('who is woken may sleep again, and a reply wakes what is due before any timer', () => {
  const world = new World();
  const timerQueue = new TimerQueue(() => world.nowUs, world);
  const woken: number[] = [];
  const sleeper = {
    atUs: 100,
    wake(nowUs: number) {
      woken.push(nowUs);
      this.atUs += 100;
      if (this.atUs <= 300) timerQueue.add(this);
    },
  };
  timerQueue.add(sleeper);
  world.nowUs = 250;
  timerQueue.wakeDue(world.nowUs);
  expect(woken).toEqual([250, 250]);
  timerQueue.wakeDue(299);
  expect(woken).toEqual([250, 250]);
  world.run();
  // The timer set for 100 fires at 250, so the next one is 500 µs behind it.
  expect(woken).toEqual([250, 250, 750]);
});

test('closed, it wakes nobody', () => {
  const world = new World();
  const timerQueue = new TimerQueue(() => world.nowUs, world);
  timerQueue.add({ atUs: 10, wake: () => expect('woken').toBe('asleep') });
  timerQueue.close();
  world.run();
  timerQueue.wakeDue(1000);
  expect(world.firings).toBe(0);
});
