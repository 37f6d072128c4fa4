import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { errorTable } from '../../../../lib/errors.ts';
import { abort, type AbortPorts } from '../../../../lib/run/workflow/abort.ts';
import { storeRunOfExecution } from '../../../../lib/run/archive/run-record.ts';
import { runKeys } from '../../../../lib/run/archive/keys.ts';
import { planOf } from '../plan.ts';
import { MemoryStore } from '../archive/memory-store.ts';

const execution = 'arn:aws:states:us-east-1:111122223333:execution:load-test:one';
const run = '2026-03-02T12-00-00Z-shop';

let store: MemoryStore;

beforeEach(async () => {
  store = new MemoryStore();
  const facts = {
    id: run,
    startedAt: '2026-03-02T12:00:00Z',
    environment: 'shop',
    target: 'http://shop.internal',
    execution,
    planSha256: 'a',
    workers: 2,
  };
  await storeRunOfExecution(store, { facts, plan: planOf([]) });
});

describe('an abort', () => {
  /** Tasks that need so many looks to be gone after they were stopped; a third is seen only at the second look. */
  function tasksThatTake(looks: number) {
    const stopped: string[] = [];
    let looked = 0;
    const tasks = {
      listRunning: async () => {
        looked += 1;
        if (looked > looks) return [];
        return looked === 1 ? ['a', 'b'] : ['b', 'c'];
      },
      stop: async (arn: string) => void stopped.push(arn),
    };
    return { tasks, stopped };
  }

  /** An execution that was refused, and what was told. */
  function portsWith(looked: Omit<AbortPorts['tasks'], 'whyStopped'>, why: readonly string[] = []) {
    const tasks = { ...looked, whyStopped: async () => why };
    const told: string[] = [];
    const standing = async () => ({
      status: 'FAILED',
      endedAtMs: 1,
      error: 'E-CHECKLIST',
      cause: 'one failed.\nan alarm',
    });
    const notify = async (subject: string, text: string) => void told.push(`${subject}\n${text}`);
    const ports: AbortPorts = { store, tasks, executions: { standing }, notify, nowMs: () => 0, sleep };
    return { ports, told };
  }
  const settings = { environment: 'shop' };

  test('stops every task once, those that come late too, and returns when none is left', async () => {
    const { tasks, stopped } = tasksThatTake(2);
    const { ports, told } = portsWith(tasks);
    const done = await abort(ports, settings, { execution, state: { status: 'ABORTED' } });
    expect(done).toEqual({ do: 'report', run, aborted: 'the execution ended: ABORTED', stopped: 3 });
    expect(stopped).toEqual(['a', 'b', 'c']);
    // The report will tell.
    expect(told).toEqual([]);
  });

  test('a task is told again that ECS did not know yet', async () => {
    let nowMs = 0;
    const { tasks, stopped } = tasksThatTake(3);
    // Looks at 0, 6, 12 s: b is told at 0 and at 12 s, c at 6 s.
    await abort({ ...portsWith(tasks).ports, nowMs: () => (nowMs += 6000) }, settings, { execution, state: {} });
    expect(stopped).toEqual(['a', 'b', 'c', 'b']);
  });

  test('marks the run as ended before it looks for tasks', async () => {
    const marked: boolean[] = [];
    const listRunning = async () => {
      marked.push((await store.get(runKeys(run).ended)) !== undefined);
      return [];
    };
    const { ports } = portsWith({ listRunning, stop: async () => undefined });
    await abort(ports, settings, { execution, state: {} });
    expect(marked).toEqual([true]);
  });

  test('says so when a task is left', async () => {
    let nowMs = 0;
    const ports = { ...portsWith(tasksThatTake(100).tasks).ports, nowMs: () => (nowMs += 1000) };
    await expect(abort(ports, settings, { execution, state: {} }, 1500)).rejects.toMatchObject({ code: 'E-LOAD-STOP' });
  });

  test('gives up by itself, before its function is ended after three minutes', async () => {
    let nowMs = 0;
    const ports = { ...portsWith(tasksThatTake(100).tasks).ports, nowMs: () => (nowMs += 50_000) };
    await expect(abort(ports, settings, { execution, state: {} })).rejects.toMatchObject({ code: 'E-LOAD-STOP' });
    // The first look at the clock was at 50 s.
    expect(nowMs - 50_000).toBeLessThan(180_000);
  });

  test.each([
    [
      'a function',
      { Error: 'E-STORE', Cause: '{"errorType":"E-STORE","errorMessage":"no bucket","trace":[]}' },
      'E-STORE: no bucket',
    ],
    [
      'a task that ended',
      {
        Error: 'States.TaskFailed',
        Cause:
          '{"Attachments":[],"Containers":[{"ExitCode":1,"Name":"service"}],"StoppedReason":"Essential container exited"}',
      },
      'States.TaskFailed: Essential container exited; exit code 1',
    ],
    ['something else', { Error: 'States.Timeout', Cause: '' }, 'States.Timeout: '],
  ])('the reason is what %s said, without its stack', async (_, error, aborted) => {
    const { ports } = portsWith(tasksThatTake(0).tasks);
    expect(await abort(ports, settings, { execution, state: { error } })).toMatchObject({ aborted });
  });

  test('where no task came so far as to load, what ECS says of them is told', async () => {
    const reasons = ['CannotPullContainerError: no route', 'b', 'c', 'd', 'e'];
    const { ports } = portsWith(tasksThatTake(0).tasks, reasons);
    const state = { error: { Error: 'E-LOAD-START', Cause: '{"errorMessage":"steady was never started"}' } };
    expect(await abort(ports, settings, { execution, state })).toMatchObject({
      aborted: 'E-LOAD-START: steady was never started; CannotPullContainerError: no route; b; c; d',
    });
    expect(await abort(ports, settings, { execution, state: { status: 'ABORTED' } })).toMatchObject({
      aborted: 'the execution ended: ABORTED',
    });
  });

  test('of a run that has reported, nothing is left but tasks that are stuck', async () => {
    const { tasks, stopped } = tasksThatTake(2);
    const { ports, told } = portsWith(tasks);
    await store.put(runKeys(run).file('summary.json'), '{}');
    expect(await abort(ports, settings, { execution, state: { status: 'FAILED' } })).toMatchObject({ do: 'nothing' });
    expect(stopped).toEqual(['a', 'b', 'c']);
    expect(told).toEqual([]);
  });

  test('of an execution that began no run people are told why, once it is over', async () => {
    const { ports, told } = portsWith(tasksThatTake(2).tasks);
    const other = `${execution}-other`;
    expect(await abort(ports, settings, { execution: other, state: {} })).toMatchObject({ do: 'nothing' });
    expect(told).toEqual([]);
    await abort(ports, settings, { execution: other, state: { status: 'FAILED' } });
    expect(told).toEqual([
      [
        'shop: nothing was loaded',
        'one failed.',
        'an alarm',
        errorTable['E-CHECKLIST'].remedy,
        `https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/${other}`,
      ].join('\n'),
    ]);
  });
});
