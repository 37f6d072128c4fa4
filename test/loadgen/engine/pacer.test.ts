import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Pacer, type Alarm } from '../../../loadgen/engine/pacer.ts';

/** A world in which time goes on only from alarm to alarm, each of which rings `lateUs` after it should. */
class World implements Alarm {
  nowUs = 0;
  rings = 0;
  readonly #lateUs: number;
  #next: { atUs: number; ring: () => void } | undefined;

  constructor(lateUs = 0) {
    this.#lateUs = lateUs;
  }

  set(delayUs: number, ring: () => void): void {
    this.#next = { atUs: this.nowUs + delayUs, ring };
  }

  close(): void {
    this.#next = undefined;
  }

  /** Until no alarm is set. */
  run(): void {
    for (let next = this.#next; next !== undefined; next = this.#next) {
      this.#next = undefined;
      this.nowUs = Math.max(this.nowUs, next.atUs) + this.#lateUs;
      this.rings += 1;
      next.ring();
    }
  }
}

const anyTimes = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 60 });

test('law: everybody is woken once, in the order of their times, never early, and at most a gap late', () => {
  fc.assert(
    fc.property(anyTimes, fc.nat(2000), (times, lateUs) => {
      const world = new World(lateUs);
      const pacer = new Pacer(() => world.nowUs, world);
      const woken: [atUs: number, nowUs: number][] = [];
      for (const atUs of times) pacer.add({ atUs, wake: (nowUs) => woken.push([atUs, nowUs]) });
      world.run();
      expect(woken.map(([atUs]) => atUs)).toEqual(times.toSorted((a, b) => a - b));
      // 500 µs is the least gap between two rings.
      expect(woken.filter(([atUs, nowUs]) => nowUs < atUs || nowUs > atUs + 500 + lateUs)).toEqual([]);
    }),
  );
});

test('law: alarms are never closer together than 500 µs', () => {
  fc.assert(
    fc.property(anyTimes, (times) => {
      const world = new World();
      const pacer = new Pacer(() => world.nowUs, world);
      for (const atUs of times) pacer.add({ atUs, wake: () => undefined });
      world.run();
      expect(world.rings).toBeLessThanOrEqual(2 + Math.max(...times) / 500);
    }),
  );
});

test('who is woken may sleep again, and a reply wakes what is due before any alarm', () => {
  const world = new World();
  const pacer = new Pacer(() => world.nowUs, world);
  const woken: number[] = [];
  const sleeper = {
    atUs: 100,
    wake(nowUs: number) {
      woken.push(nowUs);
      this.atUs += 100;
      if (this.atUs <= 300) pacer.add(this);
    },
  };
  pacer.add(sleeper);
  world.nowUs = 250;
  pacer.poke(world.nowUs);
  expect(woken).toEqual([250, 250]);
  pacer.poke(299);
  expect(woken).toEqual([250, 250]);
  world.run();
  // The alarm set for 100 rings at 250, so the next one is 500 µs behind it.
  expect(woken).toEqual([250, 250, 750]);
});

test('closed, it wakes nobody', () => {
  const world = new World();
  const pacer = new Pacer(() => world.nowUs, world);
  pacer.add({ atUs: 10, wake: () => expect('woken').toBe('asleep') });
  pacer.close();
  world.run();
  pacer.poke(1000);
  expect(world.rings).toBe(0);
});
