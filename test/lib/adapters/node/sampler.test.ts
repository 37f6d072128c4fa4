import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { hostSource, readingEveryMs, Sampler, type SignalSource } from '../../../../lib/adapters/node/sampler.ts';
import { gauge, rate } from '../../../../lib/signals/scrape.ts';
import { SeriesBuilder } from '../../../../lib/signals/series/series.ts';
import type { Signal } from '../../../../lib/signals/signal.ts';

const signalOf = (id: string, read: Signal['read']): Signal => ({
  id,
  title: id,
  unit: 'count',
  kind: 'traffic',
  read,
});
const never = <T>(): Promise<T> => Promise.withResolvers<T>().promise;
const closed = async (): Promise<void> => undefined;

/** A source that resolves `reached` when it is asked for the `wanted`th time. */
function counting(wanted: number, answer: (time: number) => Promise<ReadonlyMap<string, number>>) {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  let asked = 0;
  const source: SignalSource = {
    close: closed,
    read: (signal) => {
      asked += 1;
      if (asked === wanted) resolve();
      expect(signal.aborted).toBe(false);
      return answer(asked);
    },
  };
  return { source, reached, asked: () => asked };
}

describe('a source that fails leaves a gap and stops no other', () => {
  test('be it that it hangs, rejects or throws', async () => {
    const series = new SeriesBuilder(
      ['good', 'hanging', 'rejecting', 'throwing', 'sometimes'].map((name) => signalOf(name, gauge(name))),
      Date.now(),
    );
    const good = counting(4, async (time) => new Map([['good', time]]));
    const sometimes = counting(4, (time) => (time === 2 ? never() : Promise.resolve(new Map([['sometimes', time]]))));
    const hanging = counting(4, never);
    const throwing: SignalSource = {
      close: closed,
      read: () => {
        throw new Error('at once');
      },
    };
    const rejecting: SignalSource = { close: closed, read: () => Promise.reject(new Error('later')) };
    const sampler = new Sampler(
      { sources: [hanging.source, throwing, rejecting, sometimes.source, good.source] },
      series,
    );
    sampler.start();
    await Promise.all([good.reached, sometimes.reached, hanging.reached]);
    await sampler.stop();
    const values = (id: string) =>
      series
        .series()
        .find((each) => each.id === id)
        ?.points.map(([, value]) => value);
    // The first reading is what the second is compared with; the fourth is cut off by the stop.
    expect(values('good')).toEqual(expect.arrayContaining([2, 3]));
    expect(values('sometimes')?.[0]).toBe(3);
    expect(series.series().map(({ id }) => id)).toEqual(['good', 'sometimes']);
  });

  test("and does not bend the others' rates: their time is when they were asked", async () => {
    // The counter is the clock itself, so its rate is 1,000 ms a second, whatever the machine does.
    const series = new SeriesBuilder([signalOf('clock', rate('clock'))], Date.now());
    const clock = counting(4, async () => new Map([['clock', Date.now()]]));
    const hanging = counting(4, (time) => (time === 2 ? never() : Promise.resolve(new Map())));
    const sampler = new Sampler({ sources: [clock.source, hanging.source] }, series);
    sampler.start();
    await clock.reached;
    await sampler.stop();
    const rates = series.series()[0]?.points.map(([, value]) => value / 1000) ?? [];
    expect(rates.length).toBeGreaterThanOrEqual(2);
    for (const perSecond of rates) expect(perSecond).toBeCloseTo(1, 1);
  });
});

describe('stop', () => {
  test('does not wait for a reading that hangs', async () => {
    const hanging = counting(1, never);
    const sampler = new Sampler({ sources: [hanging.source] }, new SeriesBuilder([], 0));
    sampler.start();
    await hanging.reached;
    await sampler.stop();
    expect(hanging.asked()).toBe(1);
  });

  test('closes every source, and leaves one behind that does not close', async () => {
    const ended: string[] = [];
    const read = async (): Promise<ReadonlyMap<string, number>> => new Map();
    const sampler = new Sampler(
      {
        sources: [
          { read, close: never },
          { read, close: () => Promise.reject(new Error('broken')) },
          { read, close: async () => void ended.push('good') },
        ],
      },
      new SeriesBuilder([], 0),
    );
    sampler.start();
    await sampler.stop();
    expect(ended).toEqual(['good']);
  });

  test('comes to its end where nothing else holds the process', async () => {
    const script = `
      import { Sampler } from ${JSON.stringify(new URL('../../../../lib/adapters/node/sampler.ts', import.meta.url))};
      const never = () => new Promise(() => undefined);
      const sampler = new Sampler({ sources: [{ read: never, close: never }] }, { add: () => undefined });
      sampler.start();
      await sampler.stop();
      console.log('stopped');`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect(stdout).toBe('stopped\n');
  });

  test('may come before the start', async () => {
    const sampler = new Sampler({ sources: [] }, new SeriesBuilder([], 0));
    await expect(sampler.stop()).resolves.toBeUndefined();
  });
});

test('the host tells its cores, its memory and how busy it is', async () => {
  const source = hostSource();
  const { promise, resolve } = Promise.withResolvers<void>();
  // CPU times go on in steps of a clock tick; a reading within one has no ratio.
  setTimeout(resolve, 50);
  await promise;
  const values = await source.read(new AbortController().signal);
  expect(values.get('host_cores')).toBeGreaterThanOrEqual(1);
  expect(values.get('host_memory_bytes')).toBeGreaterThan(2 ** 20);
  expect(values.get('host_cpu_ratio')).toBeGreaterThanOrEqual(0);
  expect(values.get('host_cpu_ratio')).toBeLessThanOrEqual(1);
});

test.each([
  [60, 1000],
  [7200, 1000], // 2 h: 7,200 readings
  [28_800, 4000], // 8 h: 28,800 s / 7,200
])('a run of %d s is read every %d ms', (seconds, everyMs) => {
  expect(readingEveryMs(seconds * 1e6)).toBe(everyMs);
});
