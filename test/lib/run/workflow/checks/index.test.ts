import { describe, expect, test } from '@jest/globals';
import { runChecklist } from '../../../../../lib/run/workflow/checks/index.ts';
import type { ChecklistContext } from '../../../../../lib/run/workflow/checks/check.ts';
import type { CloudPorts } from '../../../../../lib/run/workflow/ports.ts';
import type { CloudSettings } from '../../../../../lib/run/workflow/settings.ts';
import { shopService, shopSettings } from '../settings.ts';
import { MemoryStore } from '../../archive/memory-store.ts';

const NOW_MS = Date.parse('2026-03-02T12:00:00Z');
const HOUR_MS = 3_600_000;

const settings: CloudSettings = { ...shopSettings, workers: 4, taskVcpus: 2, resources: shopService };

const service: CloudPorts['service'] = {
  taskCounts: async () => ({ desired: 2, running: 2, pending: 0 }),
  setDesiredTasks: async () => undefined,
  targetHealth: async () => ({ healthy: 2, total: 2 }),
  balancerState: async () => 'active',
  databaseStatus: async () => 'available',
  newestSnapshot: async () => ({ takenAtMs: NOW_MS - 3 * HOUR_MS }),
  fargateVcpus: async () => 8,
};

const healthy = { status: 200, tookMs: 12, text: '{"database":{"ok":true},"cache":{"ok":true}}' };

interface Change {
  readonly service?: Partial<CloudPorts['service']>;
  readonly health?: ChecklistContext['health'];
  readonly alarms?: CloudPorts['alarms'];
  readonly points?: ReadonlyMap<string, [number, number][]>;
  readonly input?: ChecklistContext['input'];
  readonly resources?: CloudSettings['resources'];
  readonly mayReset?: boolean;
  readonly versions?: CloudSettings['versions'];
}

/** CloudWatch knows of the CPU of so many minutes ago, and of no other moment. */
const cpuTold = (minutesAgo: number): ReadonlyMap<string, [number, number][]> =>
  new Map([['service_cpu', [[NOW_MS - minutesAgo * 60_000, 0.1]]]]);

/** As CloudWatch does, tells what lies in the window that it is asked for. */
const within =
  (points: NonNullable<Change['points']>): CloudPorts['metrics']['read'] =>
  async (_, { fromMs, toMs }) => {
    const found = Array.from(points, ([id, all]) => [id, all.filter(([at]) => at >= fromMs && at < toMs)] as const);
    return { points: new Map(found), periodSeconds: 60, doubts: [] };
  };

async function answers(change: Change = {}): Promise<Record<string, string>> {
  const points = change.points ?? cpuTold(6);
  const items = await runChecklist({
    ports: {
      store: new MemoryStore(),
      metrics: { read: within(points) },
      alarms: change.alarms ?? { states: async () => [{ name: 'shop-a', state: 'INSUFFICIENT_DATA' }] },
      service: { ...service, ...change.service },
      nowMs: () => NOW_MS,
    },
    settings: {
      ...settings,
      mayReset: change.mayReset ?? false,
      ...(change.resources && { resources: change.resources }),
      ...(change.versions && { versions: change.versions }),
    },
    input: change.input ?? { plan: 'p' },
    target: new URL(settings.target),
    workers: 4,
    health: change.health ?? healthy,
  });
  return Object.fromEntries(items.map(({ id, verdict, why }) => [id, `${verdict}: ${why}`]));
}

test('all is well: every item passes, or says why nobody could ask', async () => {
  const all = Object.values(await answers());
  expect(all.filter((answer) => answer.startsWith('fail'))).toEqual([]);
  expect(all.filter((answer) => answer.startsWith('pass'))).toHaveLength(10);
  expect(all.filter((answer) => /^skipped: .{10}/.test(answer))).toHaveLength(2);
});

test('what is always skipped is no item: each can pass, by what it is answered', async () => {
  const all = await answers({
    input: { plan: 'p', cleanData: true },
    mayReset: true,
    versions: [{ product: 'postgresql', version: '18' }],
  });
  const skipped = Object.entries(all).filter(([, answer]) => answer.startsWith('skipped'));
  // Data is not clean before the task has cleaned it.
  expect(skipped).toEqual([['clean-data', expect.stringContaining('ends the run where it fails')]]);
});

test('an engine whose support ends within sixty days is a warning, and no reason to refuse a run', async () => {
  const used = (version: string) => [{ product: 'postgresql' as const, version }];
  expect((await answers({ versions: used('17.4') }))['support']).toMatch(
    /^warn: .*17\.4 can be made anew until 2026-04-30/,
  );
  expect((await answers({ versions: used('18') }))['support']).toBe('pass: of 1 that were looked up');
});

describe('each item', () => {
  const unknown = async () => undefined;
  test.each<[id: string, what: string, change: Change, answer: string]>([
    ['target', 'is slow', { health: { ...healthy, tookMs: 100 } }, 'fail: it answered 200 in 100 ms'],
    ['target', 'is ill', { health: { ...healthy, status: 503 } }, 'fail: it answered 503 in 12 ms'],
    [
      'target',
      'is silent',
      { health: { status: 0, tookMs: 1, text: 'refused' } },
      'fail: no reply from http://shop.internal: refused',
    ],
    [
      'database-reached',
      'is not',
      { health: { ...healthy, text: '{"database":{"ok":false}}' } },
      'fail: the health page says that the database does not answer',
    ],
    [
      'database-reached',
      'no detail',
      { health: { ...healthy, text: 'OK' } },
      'skipped: the health page says nothing of a database',
    ],
    [
      'cache-reached',
      'no detail',
      { health: { ...healthy, text: '{"cache":"yes"}' } },
      'skipped: the health page says nothing of a cache',
    ],
    [
      'balancer',
      'is being made',
      { service: { balancerState: async () => 'provisioning' } },
      'fail: it is provisioning, and 2 of 2 targets are healthy',
    ],
    [
      'balancer',
      'has an ill target',
      { service: { targetHealth: async () => ({ healthy: 1, total: 2 }) } },
      'fail: it is active, and 1 of 2 targets are healthy',
    ],
    [
      'balancer',
      'has no target',
      { service: { targetHealth: async () => ({ healthy: 0, total: 0 }) } },
      'fail: it is active, and 0 of 0 targets are healthy',
    ],
    ['balancer', 'is none', { service: { balancerState: unknown } }, 'skipped: the environment names no load balancer'],
    [
      'tasks',
      'are starting',
      { service: { taskCounts: async () => ({ desired: 3, running: 2, pending: 1 }) } },
      'fail: 2 of 3 tasks run, 1 are starting',
    ],
    [
      'tasks',
      'are none',
      { service: { taskCounts: async () => ({ desired: 0, running: 0, pending: 0 }) } },
      'fail: 0 of 0 tasks run, 0 are starting',
    ],
    [
      'tasks',
      'are one too many, in a deployment',
      { service: { taskCounts: async () => ({ desired: 2, running: 2, pending: 1 }) } },
      'fail: 2 of 2 tasks run, 1 are starting',
    ],
    ['database', 'is backing up', { service: { databaseStatus: async () => 'backing-up' } }, 'fail: it is backing-up'],
    [
      'snapshot',
      'is old',
      { service: { newestSnapshot: async () => ({ takenAtMs: NOW_MS - 26 * HOUR_MS }) } },
      'fail: the newest is 26.0 hours old',
    ],
    // Taken once a day, and an hour for the window to move.
    [
      'snapshot',
      'is of yesterday',
      { service: { newestSnapshot: async () => ({ takenAtMs: NOW_MS - 25 * HOUR_MS }) } },
      'pass: the newest is 25.0 hours old',
    ],
    [
      'snapshot',
      'is none',
      { service: { newestSnapshot: async () => 'none' as const } },
      'fail: there is none; take one: aws rds create-db-snapshot',
    ],
    [
      'snapshot',
      'of no database',
      { service: { newestSnapshot: unknown } },
      'skipped: the environment names no database',
    ],
    // 4 workers of 2 vCPU.
    [
      'quota',
      'is too small',
      { service: { fargateVcpus: async () => 7 } },
      'fail: 4 tasks are 8 vCPU, and 7 are allowed (spot)',
    ],
    [
      'quota',
      'is out of reach',
      { service: { fargateVcpus: () => Promise.reject(new Error('no way there')) } },
      'skipped: it could not be asked: no way there',
    ],
    [
      'alarms',
      'one is on',
      { alarms: { states: async () => [{ name: 'shop-a', state: 'ALARM' }] } },
      'fail: on: shop-a',
    ],
    [
      'alarms',
      'are those of this environment alone',
      { alarms: { states: async (prefix) => [{ name: prefix, state: 'ALARM' }] } },
      'fail: on: shop-',
    ],
    ['alarms', 'are none', { alarms: { states: async () => [] } }, 'fail: no alarm begins with shop-'],
    [
      'alarms',
      'denied',
      { alarms: { states: () => Promise.reject(new Error('denied')) } },
      'fail: it could not be asked: denied',
    ],
    ['monitoring', 'is silent', { points: new Map() }, 'fail: none of service_cpu'],
    // Five minutes may pass until a figure is there, and a quarter of an hour between two.
    ['monitoring', 'told last what is just fresh enough', { points: cpuTold(20) }, 'pass: it has'],
    ['monitoring', 'told last what is too old', { points: cpuTold(21) }, 'fail: none of service_cpu'],
    [
      'monitoring',
      'has nothing to tell of',
      { resources: {} },
      'skipped: the environment names nothing that CloudWatch has figures of',
    ],
    [
      'clean-data',
      'is asked for',
      { input: { plan: 'p', cleanData: true } },
      'fail: the configuration has no loadTest.reset',
    ],
  ])('%s %s', async (id, _, change, answer) => {
    expect((await answers(change))[id]).toContain(answer);
  });
});
