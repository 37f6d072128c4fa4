import { runKeys } from '../../../lib/run/archive/keys.ts';
import { mergeIntervals } from '../../../lib/run/archive/measure-phase.ts';
import type { Store, Stored } from '../../../lib/run/archive/store.ts';
import { MeasurementBuilder } from '../../../lib/measure/measurement.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { syntheticIntervals } from './synthetic.ts';

/**
 * What the workflow's gate does after a phase: merges the chunks of many workers from a store. Arguments: workers, seconds a
 * worker. Prints what it took. The store makes its chunks out of one minute's lines, so that it holds none of them itself.
 */
const [workers = 0, seconds = 0] = process.argv.slice(2).map(Number);
const MADE_SECONDS = 60;
const PER_SECOND = 200;
const CHUNK_SECONDS = 5;

const lines = Array.from(syntheticIntervals(MADE_SECONDS, PER_SECOND, 0), (wire) => JSON.stringify(wire));
const keys = runKeys('bench').phase(0);

const store: Store = {
  get: async (key): Promise<Stored> => {
    // As a bucket in the same region answers.
    await sleep(20);
    const [, worker = '', first = ''] = /intervals\/(\d+)\/(\d+)/.exec(key) ?? [];
    const chunk = Array.from({ length: CHUNK_SECONDS }, (_, at) => {
      const second = Number(first) + at;
      return (lines[second % MADE_SECONDS] ?? '')
        .replace(/"second":\d+/, `"second":${second}`)
        .replace(/"worker":\d+/, `"worker":${worker}`);
    });
    return { body: Buffer.from(chunk.join('\n')), version: '' };
  },
  put: async () => false,
  async *list(prefix) {
    for (let first = 0; first < seconds; first += CHUNK_SECONDS)
      yield `${prefix}${String(first).padStart(6, '0')}.ndjson`;
  },
};

const startedMs = performance.now();
const builder = new MeasurementBuilder(seconds);
await mergeIntervals(store, keys, { workers, lost: new Map<number, undefined>() }, builder);
const result = {
  seconds: (performance.now() - startedMs) / 1000,
  intervals: workers * seconds,
  points: builder.build().points.length,
  requests: builder.build().total.arrivals.completed,
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
