import { storeCollected } from '../../../../lib/run/archive/collected.ts';
import type { SignalSeries } from '../../../../lib/signals/signal.ts';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Report } from '../../../../lib/report/report.ts';
import { readRun, storeRunOfExecution } from '../../../../lib/run/archive/run-record.ts';
import { lockHolder } from '../../../../lib/run/archive/lock.ts';
import { reportRun, type Renderer, type ReportPorts, type ReportStep } from '../../../../lib/run/workflow/report.ts';
import { hurried, quietAlarms } from './settings.ts';
import { minute, shopRun, storeShopRun } from './shop-run.ts';
import { LOCK_KEY, runKeys } from '../../../../lib/run/archive/keys.ts';
import { textAt } from '../../../../lib/run/archive/store.ts';
import { NotingStore } from '../archive/noting-store.ts';

const { run, execution, settings } = shopRun;
const { file } = runKeys(run);

/** In no order that matters to whoever reads. */
const renderers: Renderer[] = ['summary.json', 'report.html', 'junit.xml'].map((fileName) => ({
  fileName,
  render: ({ summary }) => (fileName === 'summary.json' ? JSON.stringify(summary) : fileName),
}));

let store: NotingStore;
let told: string[];
let ports: ReportPorts;

beforeEach(async () => {
  store = new NotingStore();
  told = [];
  ports = {
    ...hurried,
    store,
    metrics: {
      read: async () => ({
        points: new Map([['service_cpu', [[minute(1), 0.9] as const]]]),
        periodSeconds: 60,
        doubts: ['one minute is missing'],
      }),
    },
    alarmHistory: quietAlarms,
    notify: async (subject, text) => void told.push(`${subject}\n${text}`),
  };
  await storeShopRun(store);
  store.puts.length = 0;
});

const reported = async (more: object = { run }): Promise<ReportStep> =>
  await reportRun(ports, settings, { execution, state: more }, renderers);

const stored = async (): Promise<Report> => JSON.parse((await textAt(store, file('report.json'))) ?? '') as Report;

describe('a report', () => {
  test('is whole where its summary stands, and only then the lock is let go', async () => {
    await reported();
    const files = ['reporting.json', 'system.json', 'report.json', 'report.html', 'junit.xml', 'summary.json'];
    expect(store.puts).toEqual([...files.map(file), LOCK_KEY]);
    expect(await lockHolder(store)).toBeUndefined();
  });

  test('stands, and the lock is free, even where nobody can be told; its verdict is the same', async () => {
    ports = { ...ports, notify: () => Promise.reject(new Error('no topic')) };
    // The first phase misses its objective.
    expect(await reported()).toMatchObject({ verdict: 'fail', notificationFailure: 'no topic' });
    expect(store.puts.slice(-2)).toEqual([file('summary.json'), LOCK_KEY]);
    expect(await lockHolder(store)).toBeUndefined();
  });

  test('that was made meanwhile by a function whose execution was stopped is left as it is', async () => {
    await reported();
    store.puts.length = 0;
    expect(await reported({ run, aborted: 'the execution ended: ABORTED' })).toMatchObject({ verdict: 'aborted' });
    expect(store.puts).toEqual([]);
    expect(told).toHaveLength(1);
    expect((await stored()).summary.partial).toBeUndefined();
  });

  test('judges how the service scaled, by its counts, its policy, and what its alarms did', async () => {
    const counts = [1, 2, 3, 4].map((at) => [minute(at), 2] as const);
    const asked: (readonly [number, number])[] = [];
    ports = {
      ...ports,
      metrics: { read: async () => ({ points: new Map([['service_tasks', counts]]), periodSeconds: 60, doubts: [] }) },
      alarmHistory: {
        changesIn: async (...span) => {
          asked.push(span);
          throw new Error('denied');
        },
      },
    };
    const scaling = { min: 2, max: 4, capacityPerSecond: 10, schedule: [] };
    await reportRun(ports, { ...settings, scaling }, { execution, state: { run } }, renderers);
    const { summary, doubts } = await stored();
    const verdicts = Object.fromEntries(summary.scaling?.rules.map(({ rule, verdict }) => [rule, verdict]) ?? []);
    expect(verdicts).toMatchObject({ 'scale-out': 'pass', started: 'pass', 'alarm-fired': 'unknown' });
    expect(asked).toEqual([[minute(0), minute(4)]]);
    expect(doubts).toContain('What alarms did was not read: denied');
  });

  test('that cannot be written leaves the lock', async () => {
    const broken = { fileName: 'junit.xml', render: () => '' };
    const full: Renderer = {
      ...broken,
      render: () => {
        throw new Error('full');
      },
    };
    await expect(reportRun(ports, settings, { execution, state: { run } }, [full])).rejects.toThrow('full');
    expect(await lockHolder(store)).toEqual({ execution, run });
  });

  test('judges every phase with what CloudWatch knows, and says what is missing of that', async () => {
    const step = await reported();
    const { summary, doubts } = await stored();
    expect(summary.phases.map(({ objectives }) => objectives.map(({ verdict }) => verdict))).toEqual([
      ['fail'],
      ['pass'],
    ]);
    expect(step.verdict).toBe('fail');
    expect(doubts).toContain('one minute is missing');
    expect(doubts[0]).toMatch(/^signals\.metrics, signals\.database: not read, since no collector reads them here\./);
  });

  test('has the collector’s signals and statements, and of the others what CloudWatch knows', async () => {
    const { keys, facts, plan } = await readRun(store, run);
    const collects = { metrics: { path: '/metrics' }, database: true, cache: false };
    await storeRunOfExecution(store, { facts: { ...facts, collects }, plan });
    const read = (id: string, value: number): SignalSeries => ({
      id,
      title: id,
      unit: 'count',
      kind: 'traffic',
      points: [[90, value]],
    });
    const series = [read('service.cpu', 0.2), read('service.scrape-time', 1), read('database.connections', 3)];
    const statements = [{ text: 'select $1', calls: 2, meanUs: 10, totalUs: 20 }];
    await storeCollected(store, keys, { atMs: 0, ended: true, doubts: ['a gap'], series, statements });
    const asked: string[] = [];
    const metrics: ReportPorts['metrics'] = {
      read: async (queries) => {
        asked.push(...queries.map(({ id }) => id));
        return { points: new Map([['service_memory', [[minute(1), 0.9] as const]]]), periodSeconds: 60, doubts: [] };
      },
    };
    ports = { ...ports, metrics };
    await reported();
    const report = await stored();
    expect(report.signals.map(({ id, points }) => [id, points[0]?.[1]])).toEqual([
      ['service.cpu', 0.2],
      ['service.memory', 0.9],
      ['service.scrape-time', 1],
      ['database.connections', 3],
    ]);
    expect(report.statements).toEqual(statements);
    expect(report.doubts).toContain('a gap');
    expect(report.summary.phases[0]?.objectives[0]?.verdict).toBe('pass');
    expect(asked).not.toContain('service_cpu');
    expect(asked).toContain('service_memory');
  });

  test('without CloudWatch says so, and what needs it is unknown', async () => {
    ports = { ...ports, metrics: { read: () => Promise.reject(new Error('throttled')) } };
    await reported();
    const { summary, doubts } = await stored();
    expect(doubts).toContain('Signals could not be read: throttled');
    expect(summary.phases[0]?.objectives[0]?.verdict).toBe('unknown');
  });

  test('lasts from the start of the run to the end of its last phase', async () => {
    await reported();
    const { startedAt, endedAt } = (await stored()).summary.run;
    // The second phase starts in the third minute, and takes one.
    expect([startedAt, endedAt].map((at) => Date.parse(at))).toEqual([minute(0), minute(4)]);
  });

  test('tells people the headline and where each file is; the execution fails with the headline and the page', async () => {
    const step = await reported();
    const links = ['summary.json', 'report.html', 'junit.xml'].map((name) => `https://bucket/${file(name)}`);
    expect(Object.values(step.links)).toEqual(links);
    expect(told).toEqual([['shop: tested fail', step.headline, ...links].join('\n')]);
    expect(step.cause).toBe(`${step.headline}\nhttps://bucket/${file('report.html')}`);
  });

  test('of a run that was broken off says why, to people and in the cause', async () => {
    const step = await reported({ run, aborted: 'the disk is full' });
    expect(step).toMatchObject({
      verdict: 'aborted',
      cause: `the disk is full\nhttps://bucket/${file('report.html')}`,
    });
    expect(told[0]).toMatch(/^shop: tested aborted\n.+\nthe disk is full\n/);
    const { summary, doubts } = await stored();
    expect(summary.partial).toBe(true);
    expect(doubts).toContain('The run was broken off: the disk is full.');
  });
});

test('where nothing was begun, the lock is let go and nothing is written', async () => {
  const step = await reported({ aborted: 'E-AWS: it is away' });
  expect(step).toMatchObject({ verdict: 'aborted', cause: expect.stringContaining('\nE-AWS: it is away') });
  expect(store.puts).toEqual([LOCK_KEY]);
  expect(await lockHolder(store)).toBeUndefined();
});
