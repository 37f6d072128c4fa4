import { beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type PutWhen, type Store, textAt } from '../../../lib/run/archive/store.ts';

const collect = async (keys: AsyncIterable<string>): Promise<string[]> => await Array.fromAsync(keys);

/** Nested, and such that a prefix may end within a part; sorted otherwise by folders than by bytes. */
const KEYS = [
  'a0',
  'a-b',
  'a.b',
  'b/a.json',
  'b/a-1',
  'b/aa/x',
  'b/c/d/e',
  'c/000005.ndjson',
  'c/000010.ndjson',
  'é/ü',
];
const PREFIXES = ['', 'a', 'b', 'b/', 'b/a', 'b/c/d/', 'c/0000', 'nothing/', 'é/'];

const key = fc.constantFrom(...KEYS);
const anyOperation = fc.oneof(
  fc.record({ op: fc.constant('put' as const), key, body: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ op: fc.constant('absent' as const), key, body: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({
    op: fc.constant('unchanged' as const),
    key,
    body: fc.uint8Array({ maxLength: 40 }),
    stale: fc.boolean(),
  }),
  fc.record({ op: fc.constant('list' as const), prefix: fc.constantFrom(...PREFIXES) }),
);
type Operation = typeof anyOperation extends fc.Arbitrary<infer T> ? T : never;

/** What any store must be; the same for a folder and a bucket. `fresh` gives an empty one. */
export function storeLaws(fresh: () => Promise<Store>): void {
  let store: Store;

  beforeAll(async () => {
    store = await fresh();
  });

  test('what was put is what is got, byte by byte, and the last put counts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (body) => {
        await store.put('bytes', body);
        expect(Buffer.from((await store.get('bytes'))?.body ?? []).equals(Buffer.from(body))).toBe(true);
      }),
      { numRuns: 20 },
    );
    await store.put('text', 'Grüße ✓');
    expect(await textAt(store, 'text')).toBe('Grüße ✓');
  });

  test('what was never put is undefined', async () => {
    expect(await store.get('no/such/key')).toBeUndefined();
    expect(await collect(store.list('no/'))).toEqual([]);
  });

  test('a version holds until the content changes', async () => {
    await store.put('version', 'one');
    const first = (await store.get('version'))?.version ?? '';
    expect((await store.get('version'))?.version).toBe(first);
    expect(await store.put('version', 'two', { unchangedSince: first })).toBe(true);
    expect(await store.put('version', 'three', { unchangedSince: first })).toBe(false);
    expect(await textAt(store, 'version')).toBe('two');
  });

  test('any sequence of operations does what it does to a map', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyOperation, { maxLength: 12 }), async (operations) => {
        const [model, real] = [new Map<string, string>(), await fresh()];
        for (const each of operations) {
          const [wanted, found] = await both(model, real, each);
          expect(found).toEqual(wanted);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('of several that put what was absent, one does', async () => {
    const held = await Promise.all(Array.from({ length: 8 }, (_, n) => store.put('race', String(n), 'absent')));
    expect(held.filter(Boolean)).toHaveLength(1);
    expect(await textAt(store, 'race')).toBe(String(held.indexOf(true)));
  });

  test('no increment is lost where several count up at once', async () => {
    await store.put('count', '0');
    const increment = async (): Promise<void> => {
      for (;;) {
        const { body, version } = (await store.get('count')) ?? { body: new Uint8Array(), version: '' };
        const more = String(Number(new TextDecoder().decode(body)) + 1);
        if (await store.put('count', more, { unchangedSince: version })) return;
      }
    };
    await Promise.all(Array.from({ length: 6 }, increment));
    expect(await textAt(store, 'count')).toBe('6');
  });
}

const hex = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('hex');

/** One operation on the model and on the store: what the model answers, and what the store does. */
async function both(model: Map<string, string>, store: Store, operation: Operation): Promise<[unknown, unknown]> {
  if (operation.op === 'list') {
    const keys = [...model.keys()].filter((each) => each.startsWith(operation.prefix));
    const sorted = keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return [sorted, await collect(store.list(operation.prefix))];
  }
  const before = model.get(operation.key);
  const [holds, when] = await condition(store, operation, before);
  if (holds) model.set(operation.key, hex(operation.body) ?? '');
  const put = await store.put(operation.key, operation.body, when);
  if (put !== holds) return [holds, put];
  return [model.get(operation.key), hex((await store.get(operation.key))?.body)];
}

async function condition(
  store: Store,
  operation: Extract<Operation, { body: Uint8Array }>,
  before: string | undefined,
): Promise<[boolean, PutWhen | undefined]> {
  if (operation.op === 'put') return [true, undefined];
  if (operation.op === 'absent') return [before === undefined, 'absent'];
  const version = (await store.get(operation.key))?.version;
  const stale = operation.stale || version === undefined;
  return [!stale, { unchangedSince: stale ? '"00000000000000000000000000000000"' : version }];
}
