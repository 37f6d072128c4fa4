import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Generator } from '../../../loadgen/thread/generator.ts';
import { behaviours } from './behaviours/index.ts';
import { liesIn } from './lies.ts';
import { runUntilSent, type Seen, type Way } from './run-behaviour.ts';

/** Runs go on side by side, a generator each: most of a run is waiting. */
const GENERATORS = 6;

/** Far beyond any deadline in the table: what takes longer hangs, and its generator is ended, which the ledger then tells. */
const HANGS_MS = 50_000;

const all = Object.values(behaviours).flat();
const ways: readonly Way[] = [
  { kind: 'mixed', sender: 'lean' },
  { kind: 'solo', sender: 'lean' },
  { kind: 'mixed', sender: 'undici' },
];
const runs = all.flatMap((behaviour) =>
  ways.filter(({ kind }) => kind === 'mixed' || behaviour.arrivalsOnly !== true).map((way) => ({ behaviour, ...way })),
);

type Run = (typeof runs)[number];
const keyOf = ({ behaviour, kind, sender }: Run): string => `${behaviour.name} (${kind}, ${sender})`;

const seen = new Map(runs.map((run) => [keyOf(run), Promise.withResolvers<Seen>()]));
const generators: Generator[] = [];

async function newGenerator(): Promise<Generator> {
  const generator = new Generator();
  generators.push(generator);
  await generator.ready();
  return generator;
}

async function work(queue: Iterator<Run>, first: Generator): Promise<void> {
  let generator = first;
  for (let next = queue.next(); next.done !== true; next = queue.next()) {
    const settled = seen.get(keyOf(next.value));
    const hang = setTimeout(() => void generator.close(), HANGS_MS);
    const both = await runUntilSent(generator, next.value.behaviour, next.value).catch((error: unknown) =>
      settled?.reject(error),
    );
    clearTimeout(hang);
    if (both?.outcome.lost !== undefined) generator = await newGenerator();
    if (both !== undefined) settled?.resolve(both);
  }
}

beforeAll(async () => {
  const queue = runs.values();
  for (let i = 0; i < GENERATORS; i += 1) void work(queue, await newGenerator());
});

afterAll(async () => {
  await Promise.all(generators.map((generator) => generator.close()));
});

test('the table is as wide as the evidence, and no name stands in it twice', () => {
  expect(all.length).toBeGreaterThanOrEqual(82);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

describe.each(Object.entries(behaviours))('%s', (_, ofClass) => {
  const ofThisClass = runs.filter(({ behaviour }) => ofClass.includes(behaviour));
  test.each(ofThisClass.map(keyOf))('%s', async (key) => {
    const both = await seen.get(key)?.promise;
    expect(both === undefined ? ['it was not run'] : liesIn(both)).toEqual([]);
  });
});
