import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { Store } from '../../../target/cache/store.ts';

function seeded(seed = 1): () => number {
  const random = xoroshiro128plus(seed);
  return () => uniformFloat64(random);
}

const value = Buffer.alloc(100);
/** Key of four characters + value of 100 bytes + 400 bytes of overhead. */
const entryBytes = 504;
const key = (n: number): string => `k${String(n).padStart(3, '0')}`;

describe('time to live', () => {
  test('a key is there until its moment, and not at it', () => {
    const store = new Store(0, seeded());
    store.write('a', value, 1_000, 0);
    expect(store.read('a', 999)).toEqual(value);
    expect(store.read('a', 1_000)).toBeUndefined();
    expect(store.counters).toEqual({ keyspaceHits: 1, keyspaceMisses: 1, evictedKeys: 0, expiredKeys: 1 });
    expect([store.size, store.usedBytes]).toEqual([0, 0]);
  });

  test('writing anew forgets the old moment', () => {
    const store = new Store(0, seeded());
    store.write('a', value, 1_000, 0);
    store.write('a', value, Infinity, 0);
    expect(store.read('a', 5_000)).toEqual(value);
  });

  test('a past moment removes the key', () => {
    const store = new Store(0, seeded());
    store.write('a', value, Infinity, 0);
    expect(store.expire('a', 10, 10)).toBe(true);
    expect(store.expire('a', 99, 10)).toBe(false);
    expect(store.size).toBe(0);
  });

  test('sweeping removes what nobody asks for, and nothing else', () => {
    const store = new Store(0, seeded());
    for (let n = 0; n < 1_000; n += 1) store.write(key(n), value, n < 900 ? 1_000 : Infinity, 0);
    for (let round = 0; round < 200; round += 1) store.sweep(1_000);
    // A sweep stops when at most 5 of 20 sampled had expired, so some may stay behind; they are gone for a reader anyway.
    expect(store.counters.expiredKeys).toBeGreaterThan(800);
    expect(store.size).toBe(1_000 - store.counters.expiredKeys);
    const left = Array.from({ length: 1_000 }, (_, n) => store.peek(key(n), 1_000)).filter(
      (entry) => entry !== undefined,
    );
    expect(left).toHaveLength(100);
  });
});

describe('the memory limit', () => {
  test('holds ten entries in the room of ten', () => {
    const store = new Store(10 * entryBytes, seeded());
    for (let n = 0; n < 25; n += 1) store.write(key(n), value, Infinity, n);
    expect([store.size, store.usedBytes, store.counters.evictedKeys]).toEqual([10, 10 * entryBytes, 15]);
  });

  test('evicts rarely what is used often', () => {
    // Of 100 keys the 20 hot ones are read before each of 80 evicting writes. One goes only when all five samples are hot:
    // about 0.2^5 = 0.03 % of the time.
    const store = new Store(100 * entryBytes, seeded(7));
    for (let n = 0; n < 100; n += 1) store.write(key(n), value, Infinity, 0);
    for (let n = 100; n < 180; n += 1) {
      for (let hot = 0; hot < 20; hot += 1) store.read(key(hot), n);
      store.write(key(n), value, Infinity, n);
    }
    const hot = Array.from({ length: 20 }, (_, n) => store.peek(key(n), 200)).filter((entry) => entry !== undefined);
    expect(hot).toHaveLength(20);
  });

  test('refuses what would not fit into an empty store, and keeps the rest', () => {
    const store = new Store(entryBytes, seeded());
    expect(store.write('k001', value, Infinity, 0)).toBe(true);
    expect(store.write('k001', Buffer.alloc(101), Infinity, 0)).toBe(false);
    expect(store.read('k001', 0)).toEqual(value);
  });

  test('lowered, it holds at once', () => {
    const store = new Store(0, seeded());
    for (let n = 0; n < 10; n += 1) store.write(key(n), value, Infinity, 0);
    store.limit(3 * entryBytes, 0);
    expect(store.size).toBe(3);
  });
});

type Step = { kind: 'write' | 'read' | 'delete' | 'expire' | 'sweep'; key: string; inMs: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('write', 'read', 'delete', 'expire', 'sweep'),
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  inMs: fc.integer({ min: 1, max: 5 }),
});

test('without a limit, any steps leave what a plain map with moments holds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const store = new Store(0, seeded());
      const model = new Map<string, number>();
      steps.forEach((next, nowMs) => {
        apply(store, model, next, nowMs);
        for (const [name, expiresAtMs] of model) if (expiresAtMs <= nowMs) model.delete(name);
        const seen = ['a', 'b', 'c', 'd'].filter((name) => store.peek(name, nowMs) !== undefined);
        expect(seen).toEqual([...model.keys()].sort((a, b) => a.localeCompare(b)));
        expect(store.usedBytes).toBe(model.size * (1 + 100 + 400));
      });
    }),
  );
});

function apply(store: Store, model: Map<string, number>, { kind, key: name, inMs }: Step, nowMs: number): void {
  const expiresAtMs = nowMs + inMs;
  if (kind === 'read') store.read(name, nowMs);
  if (kind === 'sweep') store.sweep(nowMs);
  if (kind === 'write') {
    store.write(name, value, expiresAtMs, nowMs);
    model.set(name, expiresAtMs);
  }
  if (kind === 'delete') {
    store.delete(name, nowMs);
    model.delete(name);
  }
  if (kind === 'expire' && store.expire(name, expiresAtMs, nowMs)) model.set(name, expiresAtMs);
}
