import { expect, test } from '@jest/globals';
import { encodeInterval } from '../../../../lib/measure/encode.ts';
import { lowerPhase } from '../../../../lib/plan/phase.ts';
import { comparedRunAt } from '../../../../lib/run/archive/compared-run.ts';
import { folderKeys } from '../../../../lib/run/archive/keys.ts';
import { storePhase } from '../../../../lib/run/archive/phase-files.ts';
import { storeRun } from '../../../../lib/run/archive/run-record.ts';
import { madeSeconds } from '../../analysis/compare/runs.ts';
import { planOf } from '../plan.ts';
import { MemoryStore } from './memory-store.ts';

const phase = lowerPhase({ name: 'steady', kind: 'sustained', duration: '3s', open: { rate: 20 } }, []);
const summary = {
  run: { version: '1.2.3' },
  target: 'http://127.0.0.1:1',
  phases: [{ durationSeconds: 3, offeredPerSecond: 20, validity: { verdict: 'void', reasons: ['late'] } }],
};

/** A run of one phase; its last second was answered after the phase's end. */
async function stored(files: Readonly<Record<string, unknown>>): Promise<MemoryStore> {
  const store = new MemoryStore();
  const facts = {
    id: 'one',
    startedAt: '2026-01-01T00:00:00.000Z',
    environment: 'local',
    target: summary.target,
    execution: 'local',
    planSha256: 'abc',
    workers: 1,
  };
  await storeRun(store, { keys: folderKeys, plan: planOf([phase], ['/a', '/b']), facts });
  const keys = folderKeys.phase(0);
  await storePhase(store, keys, { phase, handedOut: 1, passed: 1, stopped: false });
  await store.put(keys.start, JSON.stringify({ startAtMs: 1 }));
  const lines = madeSeconds({ seed: 1, seconds: 4, rate: 20, steps: 2, errorRatio: 0 }).map(
    (interval, second) => `${JSON.stringify(encodeInterval({ phase: 0, worker: 0, second }, interval))}\n`,
  );
  await store.put(keys.intervals(0, 0), lines.join(''));
  for (const [name, value] of Object.entries(files)) await store.put(name, JSON.stringify(value));
  return store;
}

test('a run is read as it is compared: by second and step, with what forbids a verdict', async () => {
  const report = { configuration: [['Generator on', 'two cores']] };
  const store = await stored({ 'summary.json': summary, 'report.json': report });
  const run = await comparedRunAt(store, folderKeys, 'here');
  expect(run).toMatchObject({ id: 'one', version: '1.2.3', machine: 'two cores', plan: { sha256: 'abc' } });
  const [found] = run.phases;
  expect(found).toMatchObject({ name: 'steady', ranSeconds: 3, validity: { verdict: 'void', reasons: ['late'] } });
  expect([...(found?.steps.keys() ?? [])]).toEqual(['a / GET /a', 'a / GET /b']);
  // 20 a second; what is answered after the end has a time, and is no throughput of the phase.
  expect(found?.whole.slices.map(({ seconds, ok, ended }) => [seconds, ok, ended])).toEqual([
    [1, 20, 20],
    [1, 20, 20],
    [1, 20, 40],
  ]);
});

test('a run that was killed before its summary is refused, with the command that makes it', async () => {
  await expect(comparedRunAt(await stored({}), folderKeys, 'runs/x')).rejects.toThrow(
    /plimsoll report runs\/x makes it/,
  );
});

test.each([
  ['deep', '['.repeat(1e6), 'is more than 200 levels deep'],
  ['of objects alone', `[${'{},'.repeat(1_100_000)}0]`, 'holds more than'],
])('a summary that is %s is damaged, before it is parsed', async (_, text, says) => {
  const store = await stored({});
  await store.put('summary.json', text);
  await expect(comparedRunAt(store, folderKeys, 'runs/x')).rejects.toThrow(says);
});
