import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PlimsollError } from '../../../../lib/errors.ts';
import type { ExecutionInput } from '../../../../lib/run/workflow/input.ts';
import { readPlan } from '../../../../lib/run/workflow/stored-plan.ts';
import { rowsOf } from '../../plan/feeder-of.ts';
import { MemoryStore } from '../archive/memory-store.ts';

let store: MemoryStore;

beforeEach(() => {
  store = new MemoryStore();
});

const written = (file: string): string => `
name: shop
feeders: { people: { file: ${file} } }
scenarios: [{ name: a, steps: [{ get: "/{{ people.name }}" }] }]
phases:
  - { name: slow, kind: sustained, duration: 10s, open: { rate: 1 } }
  - { name: fast, kind: stress, duration: 10s, open: { rate: 9 } }
`;

const refusal = async (input: ExecutionInput): Promise<string> => {
  const error = (await readPlan(store, input).catch((thrown: unknown) => thrown)) as PlimsollError;
  return [error.code, error.message, ...error.details].join(' ');
};

describe('a plan in the bucket', () => {
  test('is read with the files that lie beside it', async () => {
    await store.put('plans/shop.yaml', written('data/people.csv'));
    await store.put('plans/data/people.csv', 'name\nAnn\nBen\n');
    const { plan, sha256 } = await readPlan(store, { plan: 'shop' });
    expect(plan.feeders.map(({ name, columns }) => [name, columns])).toEqual([['people', ['name']]]);
    expect(rowsOf(plan)).toEqual([['Ann'], ['Ben']]);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each(['../lock.json', '../runs/r/plan.json', '/lock.json', 'gone.csv'])('does not get at %s', async (file) => {
    await store.put('plans/shop.yaml', written(file));
    await store.put('lock.json', 'name\nAnn\n');
    await store.put('runs/r/plan.json', 'name\nAnn\n');
    expect(await refusal({ plan: 'shop' })).toMatch(/^E-PLAN-INVALID .*the results bucket holds no/s);
  });

  test('is cut down to the phases asked for, in its own order', async () => {
    await store.put('plans/shop.yaml', written('p.csv'));
    await store.put('plans/p.csv', 'name\nAnn\n');
    const namesOf = async (phases: string[]) =>
      (await readPlan(store, { plan: 'shop', phases })).plan.phases.map(({ name }) => name);
    expect(await namesOf(['fast'])).toEqual(['fast']);
    expect(await namesOf(['fast', 'slow'])).toEqual(['slow', 'fast']);
    expect(await refusal({ plan: 'shop', phases: ['fsat'] })).toBe(
      'E-INPUT-INVALID shop has the phases slow and fast phases: shop has no phase "fsat"; did you mean fast?',
    );
  });

  test('is missing', async () => {
    expect(await refusal({ plan: 'shop' })).toContain('holds no plan yet');
    await store.put('plans/stress.yaml', '');
    await store.put('plans/smoke.yaml', '');
    expect(await refusal({ plan: 'shop' })).toBe('E-PLAN-MISSING there is no plan shop; there are smoke and stress');
    expect(await refusal({ plan: 'stres' })).toContain('did you mean stress?');
  });
});

test('a plan in the input may name files of the bucket too', async () => {
  await store.put('plans/p.csv', 'name\nAnn\n');
  const plan = {
    name: 'inline',
    feeders: { people: { file: 'p.csv' } },
    scenarios: [{ name: 'a', steps: [{ get: '/{{ people.name }}' }] }],
    phases: [{ name: 'p', kind: 'sustained', duration: '1s', open: { rate: 1 } }],
  };
  expect(rowsOf((await readPlan(store, { plan })).plan)).toEqual([['Ann']]);
});
