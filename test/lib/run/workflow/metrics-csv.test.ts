import { beforeEach, expect, test } from '@jest/globals';
import { runKeys } from '../../../../lib/run/archive/keys.ts';
import { storeRunOfExecution } from '../../../../lib/run/archive/run-record.ts';
import { metricsCsv, metricsOfRun, storeSystem } from '../../../../lib/run/workflow/metrics-csv.ts';
import type { CloudPorts, MetricsReply, MetricWindow } from '../../../../lib/run/workflow/ports.ts';
import { signals } from '../../../../lib/signals/index.ts';
import { MemoryStore } from '../archive/memory-store.ts';
import { planOf } from '../plan.ts';
import { shopService } from './settings.ts';

const START_MS = Date.parse('2026-03-02T12:00:00Z');
const MINUTE_MS = 60_000;
const run = '2026-03-02T12-00-00Z-shop';

let store: MemoryStore;
let asked: { ids: string[]; window: MetricWindow }[];
let reply: MetricsReply;

const metrics: CloudPorts['metrics'] = {
  read: async (queries, window) => {
    asked.push({ ids: queries.map(({ id }) => id), window });
    return reply;
  },
};

beforeEach(async () => {
  store = new MemoryStore();
  asked = [];
  const points = new Map([['service_cpu', [[START_MS, 0.1 + 0.2] as const]]]);
  reply = { points, periodSeconds: 60, doubts: ['one minute is missing'] };
  const facts = { id: run, startedAt: new Date(START_MS).toISOString(), environment: 'shop', target: 'http://shop' };
  await storeRunOfExecution(store, {
    facts: { ...facts, execution: 'arn', planSha256: 'a', workers: 1 },
    plan: planOf([]),
  });
  const endedAt = new Date(START_MS + 10 * MINUTE_MS).toISOString();
  await store.put(runKeys(run).file('summary.json'), JSON.stringify({ run: { endedAt } }));
});

test('a row a period, a column a signal with its unit; what was silent is empty, and a silent signal has no column', () => {
  const points = new Map<string, [number, number][]>([
    [
      'service_cpu',
      [
        [START_MS, 0.5],
        [START_MS + MINUTE_MS, Number.NaN],
      ],
    ],
    ['balancer_response_p99', [[START_MS + MINUTE_MS, 12_345.678]]],
    ['cache_cpu', []],
  ]);
  expect(metricsCsv(signals, { points, periodSeconds: 60, doubts: [] }).split('\r\n')).toEqual([
    'period_start,period_seconds,balancer.response-p99_us,service.cpu_ratio',
    '2026-03-02T12:00:00.000Z,60,,0.5',
    '2026-03-02T12:01:00.000Z,60,12345.678,',
    '',
  ]);
});

test('without a window, that of the run; all that its system has is asked for', async () => {
  await storeSystem(store, run, { resources: shopService, quantities: { maxTasks: 8 } });
  const { csv, doubts } = await metricsOfRun({ store, metrics }, run, {});
  expect(csv).toContain('2026-03-02T12:00:00.000Z,60,0.3\r\n');
  expect(doubts).toEqual(['one minute is missing']);
  const window = { fromMs: START_MS, toMs: START_MS + 10 * MINUTE_MS, periodSeconds: 60 };
  expect(asked).toEqual([{ ids: ['service_cpu', 'service_memory'], window }]);
});

test('any other window, which may end after the run and not before its own start', async () => {
  await storeSystem(store, run, { resources: shopService, quantities: {} });
  const toMs = START_MS + 90 * MINUTE_MS;
  await metricsOfRun({ store, metrics }, run, { toMs });
  expect(asked[0]?.window).toMatchObject({ fromMs: START_MS, toMs });
  await expect(metricsOfRun({ store, metrics }, run, { toMs: START_MS - 1 })).rejects.toMatchObject({
    code: 'E-USAGE',
  });
});

test('a run without a report does not know its system', async () => {
  await expect(metricsOfRun({ store, metrics }, run, {})).rejects.toMatchObject({ code: 'E-CLOUD-RUN-MISSING' });
});
