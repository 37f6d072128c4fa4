import { beforeEach, describe, expect, test } from '@jest/globals';
import { storeRunOfExecution } from '../../../../lib/run/archive/run-record.ts';
import { releaseLock, takeLock } from '../../../../lib/run/archive/lock.ts';
import { describeRuns, findRun, storedReport, noSuchRun, runIds } from '../../../../lib/run/archive/runs.ts';
import { LOCK_KEY, runKeys } from '../../../../lib/run/archive/keys.ts';
import { phaseOf } from '../../analysis/measured.ts';
import { planOf } from '../plan.ts';
import { MemoryStore } from './memory-store.ts';

const [OLD, NEW] = ['2026-01-01T00-00-00Z-shop', '2026-01-02T00-00-00Z-shop'];
const executionOf = (id: string): string => `arn:aws:states:us-east-1:111122223333:execution:m:of-${id}`;
const ports = {
  executions: { isRunning: async () => true, stop: async () => undefined },
  tasks: { listRunning: async () => [], stop: async () => undefined },
};

let store: MemoryStore;
beforeEach(async () => {
  store = new MemoryStore();
  for (const id of [NEW, OLD]) {
    const facts = { id, startedAt: `${id.slice(0, 10)}T00:00:00Z`, environment: 'e', target: 'http://127.0.0.1' };
    const rest = { execution: executionOf(id), planSha256: 'x', workers: 1 };
    await storeRunOfExecution(store, { facts: { ...facts, ...rest }, plan: planOf([phaseOf({})]) });
  }
});

const lock = async (run: string): Promise<unknown> =>
  await takeLock({ store, ...ports }, { run, execution: executionOf(run) });

test('the newest comes first', async () => {
  expect(await runIds(store)).toEqual([NEW, OLD]);
});

describe('the run that is meant', () => {
  test.each([
    ['nothing', undefined, NEW],
    ['its id', OLD, OLD],
    ["its execution's name", `of-${OLD}`, OLD],
    ["its execution's ARN", executionOf(OLD), OLD],
    ['another name', 'x', undefined],
    ['a way out', '../lock', undefined],
    ['nothing at all', '', undefined],
  ])('by %s', async (_, wanted, found) => {
    expect(await findRun(store, wanted)).toBe(found);
  });

  test('is the one that runs, and the newest again when that is over', async () => {
    await lock(OLD);
    expect(await findRun(store, undefined)).toBe(OLD);
    await releaseLock(store, executionOf(OLD));
    expect(await findRun(store, undefined)).toBe(NEW);
  });

  test('is not one that has the lock and is not prepared yet', async () => {
    await lock('2026-01-03T00-00-00Z-shop');
    expect(await findRun(store, undefined)).toBe(NEW);
  });

  test('is none in an empty store', async () => {
    expect(await findRun(new MemoryStore(), undefined)).toBeUndefined();
    expect((await noSuchRun(new MemoryStore(), undefined)).message).toBe('There is no run yet.');
    expect((await noSuchRun(store, `${NEW}s`)).message).toBe(`There is no run ${NEW}s; did you mean ${NEW}?`);
  });
});

describe('its line', () => {
  test.each([
    ['without a report', undefined, 'none'],
    ['with one', { verdict: 'warn' }, 'warn'],
    ['with that of a run broken off', { verdict: 'unknown', partial: true }, 'partial'],
  ])('%s', async (_, summary, verdict) => {
    if (summary !== undefined) await store.put(runKeys(OLD).file('summary.json'), JSON.stringify(summary));
    const line = { id: OLD, plan: 'tested', startedAt: '2026-01-01T00:00:00Z', verdict };
    expect(await describeRuns(store, [OLD])).toEqual([line]);
  });

  test('while it runs; and none of one whose objects have expired', async () => {
    await lock(OLD);
    expect(await describeRuns(store, [OLD, 'gone'])).toMatchObject([{ id: OLD, verdict: 'running' }]);
  });
});

test('a report is there once its summary is, and is refused where it is of another version', async () => {
  const { file } = runKeys(OLD);
  await store.put(file('report.json'), '{"format":"plimsoll.report.v1","summary":{}}');
  expect(await storedReport(store, OLD)).toBeUndefined();
  await store.put(file('summary.json'), '{}');
  expect(await storedReport(store, OLD)).toEqual({ format: 'plimsoll.report.v1', summary: {} });
  for (const other of ['{"format":"plimsoll.report.v2","summary":{}}', '{"format":"plimsoll.report.v1"}', 'garb']) {
    await store.put(file('report.json'), other);
    await expect(storedReport(store, OLD)).rejects.toMatchObject({
      code: 'E-STORE-DAMAGED',
      message: `runs/${OLD}/report.json is damaged, or not of this version.`,
    });
  }
});

describe('what others have put there', () => {
  test('is no pointer where it is no JSON by its name: a folder of the console, a note', async () => {
    await store.put('executions/', '');
    await store.put('executions/readme.txt', 'hello');
    expect(await runIds(store)).toEqual([NEW, OLD]);
  });

  test.each(['garb', '{}', '{"run":"../../etc"}', '{"run":"a/b"}', '{"run":""}'])(
    'a pointer %s is told by its key, and leads nowhere',
    async (text) => {
      await store.put('executions/other.json', text);
      const error = { code: 'E-STORE-DAMAGED', message: 'executions/other.json is damaged, or not of this version.' };
      await expect(runIds(store)).rejects.toMatchObject(error);
    },
  );

  test('a run that can not be read is a line among the others', async () => {
    await store.put(runKeys(OLD).plan, '{"name":');
    expect(await describeRuns(store, [NEW, OLD])).toMatchObject([
      { id: NEW, verdict: 'none' },
      { id: OLD, verdict: 'damaged' },
    ]);
  });

  test.each(['garb', '{"execution":"arn:one","run":"../etc"}'])('a lock %s is told by its key', async (text) => {
    await store.put(LOCK_KEY, text);
    await expect(findRun(store, undefined)).rejects.toMatchObject({
      code: 'E-STORE-DAMAGED',
      message: 'lock.json is damaged, or not of this version.',
    });
  });
});
