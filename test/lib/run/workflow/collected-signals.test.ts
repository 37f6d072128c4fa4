import { beforeEach, describe, expect, test } from '@jest/globals';
import { storeCollected } from '../../../../lib/run/archive/collected.ts';
import { runKeys } from '../../../../lib/run/archive/keys.ts';
import type { Collects, StoredRun } from '../../../../lib/run/archive/run-record.ts';
import { collectedUntil, endOfCollection } from '../../../../lib/run/workflow/collected-signals.ts';
import type { SignalSeries } from '../../../../lib/signals/signal.ts';
import { MemoryStore } from '../archive/memory-store.ts';
import { planOf } from '../plan.ts';

const keys = runKeys('r');
const series = (...ids: readonly string[]): SignalSeries[] =>
  ids.map((id) => ({ id, title: id, unit: 'count', kind: 'traffic', points: [[1, 2]] }));
const all = series('service.scrape-time', 'database.connections');
const statement = { text: 'select $1', calls: 2, meanUs: 10, totalUs: 20 };

let store: MemoryStore;
let nowMs: number;
/** What happens at the next look but one, and so on. */
let meanwhile: (() => Promise<void>)[];
let looks: number;

beforeEach(() => {
  store = new MemoryStore();
  [nowMs, meanwhile, looks] = [100_000, [], 0];
});

const ports = () => ({
  store,
  nowMs: () => nowMs,
  sleep: async (ms: number) => {
    looks += 1;
    nowMs += ms;
    await meanwhile.shift()?.();
  },
});

const runThat = (collects: Collects | undefined): StoredRun => ({
  keys,
  plan: planOf([]),
  facts: {
    id: 'r',
    startedAt: '2026-03-02T12:00:00Z',
    environment: 'shop',
    target: 'http://shop.internal/',
    execution: 'arn:one',
    planSha256: 'a',
    workers: 1,
    ...(collects && { collects }),
  },
});
const run = runThat({ metrics: { path: '/metrics' }, database: true, cache: false });

const stored = (ended: boolean, atMs = nowMs, found = all) =>
  storeCollected(store, keys, {
    atMs,
    ended,
    doubts: ['one reading is missing'],
    series: found,
    statements: ended ? [statement] : [],
  });

describe('what was collected of a run', () => {
  test('is waited for until the collector has said its last', async () => {
    await stored(false);
    meanwhile = [async () => undefined, () => stored(true)];
    expect(await endOfCollection(ports(), run)).toMatchObject({
      series: all,
      statements: [statement],
      doubts: ['one reading is missing'],
    });
    expect(looks).toBe(2);
  });

  test('until a moment is waited for no longer than until then', async () => {
    await stored(false, nowMs - 5000);
    meanwhile = [() => stored(false, nowMs - 100), () => stored(false)];
    const phaseEndMs = nowMs + 700;
    expect(await collectedUntil(ports(), run, phaseEndMs)).toMatchObject({ atMs: 101_000, ended: false });
  });

  test('is what there is, with a doubt, where the collector is silent', async () => {
    // A minute without a word: nothing is waited for.
    await stored(false, nowMs - 61_000);
    const { doubts, series: found } = await endOfCollection(ports(), run);
    expect([looks, found]).toEqual([0, all]);
    expect(doubts[0]).toMatch(
      /^The collector was last heard at 1970-01-01T00:00:39.000Z; .* and its statements, are missing\.$/,
    );
  });

  test('is waited for half a minute at the most', async () => {
    await stored(false);
    await endOfCollection(ports(), run);
    expect(nowMs).toBe(130_000);
  });

  test('is nothing where the collector never began, and where there is none', async () => {
    expect(await endOfCollection(ports(), run)).toMatchObject({
      series: [],
      doubts: [expect.stringMatching(/did not begin/)],
    });
    expect(await endOfCollection(ports(), runThat(undefined))).toMatchObject({ series: [], doubts: [] });
    expect(looks).toBe(0);
  });

  test('is a doubt where it can’t be read', async () => {
    await stored(true);
    await store.put(keys.signals, '{"not": "series"}');
    expect(await endOfCollection(ports(), run)).toMatchObject({
      series: [],
      doubts: [expect.stringMatching(/could not be read.*damaged/)],
    });
  });

  test.each([
    [series('database.connections'), ['No figures of the service were read at /metrics.']],
    [
      series('service.scrape-time'),
      ['Nothing was read of the database: does it have the role plimsoll_watch (docs/deploy.md)?'],
    ],
    [all, []],
  ])('says which source gave nothing', async (found, expected) => {
    await stored(true, nowMs, found);
    expect((await endOfCollection(ports(), run)).doubts).toEqual(['one reading is missing', ...expected]);
  });
});
