import { beforeEach, describe, expect, test } from '@jest/globals';
import { type AlarmPorts, stopOnAlarm } from '../../../../lib/run/workflow/abort.ts';
import { mitigateFailed } from '../../../../lib/run/workflow/mitigation.ts';
import type { ExecutionStatus } from '../../../../lib/run/workflow/execution-status.ts';
import { takeLock } from '../../../../lib/run/archive/lock.ts';
import { runKeys } from '../../../../lib/run/archive/keys.ts';
import { textAt } from '../../../../lib/run/archive/store.ts';
import { MemoryStore } from '../archive/memory-store.ts';

const execution = 'arn:aws:states:us-east-1:111122223333:execution:load-test:one';
const run = '2026-03-02T12-00-00Z-shop';

let store: MemoryStore;

beforeEach(() => {
  store = new MemoryStore();
});

describe('an alarm of the target', () => {
  const settings = {
    environment: 'shop',
    mitigation: { desiredTasks: 10, undo: 'aws ecs update-service --desired-count' },
  };
  const event = (value: string) => ({
    source: 'aws.cloudwatch' as const,
    detail: { alarmName: 'shop-storage', state: { value, reason: 'full' } },
  });

  function world({
    standing = { status: 'RUNNING' },
    desired = 2,
    most = 100,
  }: { standing?: ExecutionStatus; desired?: number; most?: number } = {}) {
    const did: string[] = [];
    let [healthy, nowMs] = [desired, Date.parse('2026-03-02T13:00:00Z')];
    const ports: AlarmPorts = {
      store,
      executions: {
        standing: async () => standing,
        stop: async (_, cause) => void did.push(`stop: ${cause}`),
      },
      service: {
        taskCounts: async () => ({ desired, running: healthy, pending: 0 }),
        setDesiredTasks: async (count: number) => {
          did.push(`desired: ${count}`);
          healthy = Math.min(count, most);
        },
        targetHealth: async () => ({ healthy, total: healthy }),
      },
      notify: async (subject) => void did.push(`notify: ${subject}`),
      nowMs: () => nowMs,
      sleep: async (ms) => void (nowMs += ms),
    };
    return { ports, did };
  }

  const alarm = async ({ ports }: ReturnType<typeof world>, value = 'ALARM') =>
    await stopOnAlarm(ports, settings, event(value));

  beforeEach(async () => {
    const tasks = { listRunning: async () => [], stop: async () => undefined };
    await takeLock({ store, tasks, executions: { isRunning: async () => true } }, { execution, run });
  });

  test('stops the execution, raises the service once, and records who, what, why and how to undo it', async () => {
    const there = world();
    const done = await alarm(there);
    expect(there.did).toEqual([
      'stop: shop-storage is on: full',
      'desired: 10',
      'notify: shop: desired tasks 2 → 10',
      'notify: shop: after desired tasks 2 → 10',
    ]);
    const stored = JSON.parse((await textAt(store, runKeys(run).file('mitigation.json'))) ?? '') as unknown;
    expect(stored).toEqual(done.mitigation);
    expect(stored).toEqual({
      who: `Plimsoll, for ${execution}`,
      what: 'desired tasks 2 → 10',
      why: 'shop-storage is on: full',
      undo: 'aws ecs update-service --desired-count 2',
      at: '2026-03-02T13:00:00.000Z',
      health: '10 of 10 tasks run and 10 are healthy 0 s later',
    });
    const again = world({ desired: 10 });
    await alarm(again);
    expect(again.did).toEqual(['stop: shop-storage is on: full']);
  });

  test('tried again after it failed half way, it does the rest: the execution that it has stopped is its own', async () => {
    const first = world();
    first.ports.service.setDesiredTasks = () => Promise.reject(new Error('throttled'));
    await expect(alarm(first)).rejects.toThrow('throttled');
    const second = world({ standing: { status: 'ABORTED', error: 'Plimsoll.Stopped' } });
    await alarm(second);
    expect(second.did).toEqual(['stop: shop-storage is on: full', 'desired: 10']);
  });

  test('where the tasks do not come in a minute and a half, that is said, with how to undo it', async () => {
    const there = world({ most: 7 });
    const done = await alarm(there);
    expect(done.mitigation).toMatchObject({
      undo: 'aws ecs update-service --desired-count 2',
      health: 'not yet whole: 7 of 10 tasks run and 7 are healthy 90 s later',
    });
  });

  test('after a failed phase the service is raised in the same way, and what comes next stays what it is', async () => {
    const there = world();
    const state = { do: 'load', run, phase: '1', mitigate: 'steady failed its objectives' };
    const next = await mitigateFailed(there.ports, settings, { execution, state });
    expect(next).toEqual({ do: 'load', run, phase: '1' });
    const stored = JSON.parse((await textAt(store, runKeys(run).file('mitigation.json'))) ?? '') as unknown;
    expect(stored).toMatchObject({ why: 'steady failed its objectives', health: expect.stringMatching(/^10 of 10/) });
  });

  test.each([10, 12])('changes nothing where there are %i already', async (desired) => {
    const there = world({ desired });
    expect(await alarm(there)).toEqual({ stopped: run });
    expect(there.did).toEqual(['stop: shop-storage is on: full']);
  });

  test('does nothing where nothing is loading, or the alarm has gone off', async () => {
    const [idle, quiet] = [world({ standing: { status: 'ABORTED', error: 'by hand' } }), world()];
    expect([await alarm(idle), await alarm(quiet, 'OK')]).toEqual([{}, {}]);
    expect([...idle.did, ...quiet.did]).toEqual([]);
  });

  test('does nothing while the report is made: no load is left to end', async () => {
    await store.put(runKeys(run).reporting, '{}');
    const there = world();
    expect(await alarm(there)).toEqual({});
    expect(there.did).toEqual([]);
  });
});
