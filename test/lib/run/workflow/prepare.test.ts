import { beforeEach, describe, expect, test } from '@jest/globals';
import { type ErrorCode, PlimsollError } from '../../../../lib/errors.ts';
import { readRun } from '../../../../lib/run/archive/run-record.ts';
import { lockHolder, takeLock } from '../../../../lib/run/archive/lock.ts';
import type { HealthReply } from '../../../../lib/run/workflow/ports.ts';
import { prepare, type PreparePorts } from '../../../../lib/run/workflow/prepare.ts';
import type { CloudSettings } from '../../../../lib/run/workflow/settings.ts';
import { shopSettings } from './settings.ts';
import type { LoadStep } from '../../../../lib/run/workflow/step.ts';
import { LOCK_KEY, runKeys } from '../../../../lib/run/archive/keys.ts';
import { textAt } from '../../../../lib/run/archive/store.ts';
import { NotingStore } from '../archive/noting-store.ts';

const settings: CloudSettings = { ...shopSettings, target: 'http://127.0.0.1:8080/shop', workers: 2 };

const plan = {
  name: 'week 7',
  scenarios: [{ name: 'a', steps: [{ get: '/' }] }],
  phases: [{ name: 'p', kind: 'sustained', duration: '1m', open: { rate: 1 } }],
};
const execution = 'arn:one';
const RUN = '2026-03-02T12-00-00Z-week-7';
const healthy: HealthReply = { status: 200, tookMs: 12, text: 'ok' };

let store: NotingStore;
let nowMs = 0;
let probed: string[] = [];
let answers: HealthReply[] = [];
let alarmState: 'OK' | 'ALARM' = 'OK';
let isRunning = async (): Promise<boolean> => true;

beforeEach(() => {
  store = new NotingStore();
  nowMs = Date.parse('2026-03-02T12:00:00.250Z');
  [probed, answers, alarmState] = [[], [], 'OK'];
  isRunning = async () => true;
});

function ports(): PreparePorts {
  const executions = { isRunning, stop: async () => undefined, standing: async () => undefined };
  const nothing = async () => undefined;
  return {
    store,
    executions,
    tasks: { listRunning: async () => [], stop: nothing, whyStopped: async () => [] },
    metrics: { read: async () => ({ points: new Map(), periodSeconds: 60, doubts: [] }) },
    alarms: { states: async () => [{ name: 'shop-a', state: alarmState }] },
    service: {
      taskCounts: nothing,
      setDesiredTasks: nothing,
      targetHealth: nothing,
      balancerState: nothing,
      databaseStatus: nothing,
      newestSnapshot: nothing,
      fargateVcpus: async () => 100,
    },
    nowMs: () => nowMs,
    readHealth: async (url) => {
      probed.push(url);
      return answers.shift() ?? healthy;
    },
  };
}

const prepared = async (state: object = { plan }) => await prepare(ports(), settings, { execution, state });

async function checkedItem(id: string): Promise<string> {
  const { items } = JSON.parse((await textAt(store, runKeys(RUN).file('checklist.json'))) ?? '') as {
    items: { id: string; verdict: string; why: string }[];
  };
  const found = items.find((item) => item.id === id);
  return `${found?.verdict}: ${found?.why}`;
}

describe('a run beside which a collector reads', () => {
  const collector = { metricsPath: '/metrics', database: true, cache: false, vcpus: 0.25 };
  const wanting = (objective: string) => ({
    plan: { ...plan, phases: [{ ...plan.phases[0], objectives: [objective] }] },
  });
  const begun = (objective: string) =>
    prepare(ports(), { ...settings, collector }, { execution, state: wanting(objective) });

  test.each(['service.event-loop p99 < 50ms', 'database.deadlocks < 1', 'database.pool-waiting < 5'])(
    'may have the objective %s, and starts it before the first phase',
    async (objective) => {
      expect(await begun(objective)).toMatchObject({ do: 'load', phase: '0', collect: true });
      const { facts } = await readRun(store, RUN);
      expect(facts.collects).toEqual({ metrics: { path: '/metrics' }, database: true, cache: false });
    },
  );

  test.each(['host.cpu < 80%', 'database.cpu < 80%'])(
    'is refused with %s, which neither it nor CloudWatch reads here',
    async (objective) => {
      expect(await begun(objective)).toMatchObject({ do: 'refuse', error: 'E-PLAN-SIGNAL' });
    },
  );

  test('takes its share of the quota, unless the others are on Spot', async () => {
    await prepare(ports(), { ...settings, collector, capacity: 'on-demand' }, { execution, state: { plan } });
    // Two workers of one vCPU each.
    expect(await checkedItem('quota')).toBe(
      'pass: 2 tasks and the collector are 2.25 vCPU, and 100 are allowed (on-demand)',
    );
  });
});

describe('a run that may begin', () => {
  test('leads to its first phase, with so many workers', async () => {
    expect(await prepared()).toMatchObject({ do: 'load', run: RUN, phase: '0', workers: ['0/2', '1/2'] });
    expect(await lockHolder(store)).toEqual({ execution, run: RUN });
  });

  test('with as many as the input says, and the report knows it', async () => {
    const step = (await prepared({ plan, workers: 3 })) as LoadStep;
    expect(step.workers).toEqual(['0/3', '1/3', '2/3']);
    expect((await readRun(store, RUN)).facts.workers).toBe(3);
  });

  test('whoever finds it finds all of it: what leads to it is put after it', async () => {
    await prepared();
    const { file, plan: planKey, phase, run, state } = runKeys(RUN);
    expect(store.puts).toEqual([
      'lock.json',
      file('checklist.json'),
      planKey,
      run,
      'executions/one.json',
      phase(0).phase,
      state,
    ]);
  });

  test('the step tried again goes on with the run it has begun', async () => {
    const first = await prepared();
    nowMs += 60_000;
    expect(await prepared()).toEqual(first);
  });

  test('the best of three replies of the health page counts: the first pays for the connection', async () => {
    answers = [{ ...healthy, tookMs: 250 }, healthy, { ...healthy, tookMs: 80 }];
    await prepared();
    expect(probed).toEqual(Array.from({ length: 3 }, () => 'http://127.0.0.1:8080/health'));
    expect(await checkedItem('target')).toBe('pass: it answered 200 in 12 ms');
  });

  test('a quick refusal is no better than a slow answer', async () => {
    answers = [
      { ...healthy, tookMs: 90 },
      { status: 503, tookMs: 1, text: '' },
      { ...healthy, tookMs: 95 },
    ];
    await prepared();
    expect(await checkedItem('target')).toBe('pass: it answered 200 in 90 ms');
  });
});

describe('a run that may not', () => {
  test('is refused, the lock is free again, and the checklist says why', async () => {
    alarmState = 'ALARM';
    expect(await prepared()).toMatchObject({
      do: 'refuse',
      error: 'E-CHECKLIST',
      cause: expect.stringContaining('on: shop-a'),
    });
    expect(await lockHolder(store)).toBeUndefined();
    expect(await checkedItem('alarms')).toBe('fail: on: shop-a');
  });

  test('is refused while another is under way, which keeps its lock', async () => {
    const other = { execution: 'arn:other', run: 'other' };
    await takeLock(ports(), other);
    expect(await prepared()).toMatchObject({ do: 'refuse', error: 'E-RUN-IN-PROGRESS' });
    expect(await lockHolder(store)).toEqual(other);
  });

  test('is refused where the lock can not be read, by the name of the object', async () => {
    await store.put(LOCK_KEY, 'garb');
    expect(await prepared()).toMatchObject({
      do: 'refuse',
      error: 'E-STORE-DAMAGED',
      cause: expect.stringContaining('lock.json is damaged'),
    });
    expect(await textAt(store, LOCK_KEY)).toBe('garb');
  });

  test('is refused where the allow-list does not name its target, before anything is asked of that', async () => {
    expect(await prepared({ plan: { ...plan, target: 'https://example.org' } })).toMatchObject({
      do: 'refuse',
      error: 'E-TARGET-REFUSED',
    });
    expect(probed).toEqual([]);
  });

  test.each<ErrorCode>(['E-AWS', 'E-AWS-DENIED', 'E-AWS-CREDENTIALS', 'E-STORE'])(
    '%s is no refusal but a failure, which the workflow may try again',
    async (code) => {
      await takeLock(ports(), { execution: 'arn:other', run: 'other' });
      isRunning = () => Promise.reject(new PlimsollError(code, 'AWS is away'));
      await expect(prepared()).rejects.toMatchObject({ code });
    },
  );
});
