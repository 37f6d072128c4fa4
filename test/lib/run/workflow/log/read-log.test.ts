import { describe, expect, test } from '@jest/globals';
import { addCase } from '../../../../../lib/measure/cases.ts';
import { encodeInterval } from '../../../../../lib/measure/encode.ts';
import { emptyInterval, stepOf } from '../../../../../lib/measure/interval.ts';
import type { Report } from '../../../../../lib/report/report.ts';
import { runKeys } from '../../../../../lib/run/archive/keys.ts';
import { textAt } from '../../../../../lib/run/archive/store.ts';
import type { LogWindow, ServiceLog } from '../../../../../lib/run/workflow/ports.ts';
import { type ReadLog, readLog } from '../../../../../lib/run/workflow/log/read-log.ts';
import { reportRun } from '../../../../../lib/run/workflow/report.ts';
import type { LogEvent } from '../../../../../lib/signals/log-lines.ts';
import { outcomeOf, times } from '../../../analysis/measured.ts';
import { NotingStore } from '../../archive/noting-store.ts';
import { planOf } from '../../plan.ts';
import { hurried, quietAlarms } from '../settings.ts';
import { minute, shopRun, storeShopRun } from '../shop-run.ts';

const START_MS = Date.parse('2026-03-02T12:00:00Z');

/** Step 0 fails after 30 s, and step 1 after 330 s: the windows are 12:00:20 to 12:00:50 and 12:05:20 to 12:05:50. */
function failedTwice() {
  const outcome = outcomeOf({}, times(10, { ok: 1 }), { startedAtMs: START_MS });
  for (const [step, atSeconds] of [30, 330].entries())
    addCase(stepOf(outcome.measurement.total, step).cases, { kind: 'status.503', atUs: atSeconds * 1e6 });
  return [outcome];
}

const WINDOWS = [
  { from: '2026-03-02T12:00:20.000Z', to: '2026-03-02T12:00:50.000Z' },
  { from: '2026-03-02T12:05:20.000Z', to: '2026-03-02T12:05:50.000Z' },
];

type Pages = (window: LogWindow) => AsyncIterable<readonly LogEvent[]>;

const logOf = (troubleInWindow: Pages): ServiceLog => ({ name: '/ecs/shop-api', troubleIn: troubleInWindow });

/** Each look at the clock takes so long. */
async function reading(pages: Pages, lookMs = 0): Promise<ReadLog> {
  let nowMs = 0;
  const ports = { serviceLog: logOf(pages), nowMs: () => (nowMs += lookMs) };
  return await readLog(ports, planOf([], ['/a', '/b']), failedTwice());
}

const pageOf = (fromMs: number, count: number, text = 'ERROR pool is full'): LogEvent[] =>
  Array.from({ length: count }, (_, at) => ({ text, atMs: fromMs + at }));

describe('the log of a service', () => {
  test('is read around the first failures; lines that are alike are one, which says when they began', async () => {
    const { logs, logExcerpt, doubts } = await reading(async function* ({ fromMs }) {
      yield [];
      yield [
        { text: 'ERROR pool is full, 3 wait', atMs: fromMs + 500 },
        { text: '{"level":30,"msg":"no error at all"}', atMs: fromMs + 600 },
      ];
      yield [{ text: 'ERROR pool is full, 7 wait', atMs: fromMs + 700 }];
    });
    expect(logs).toEqual([{ text: 'ERROR pool is full, 3 wait', count: 4, at: '2026-03-02T12:00:20.500Z' }]);
    expect(logExcerpt).toEqual({ source: '/ecs/shop-api', windows: WINDOWS });
    expect(doubts).toEqual([]);
  });

  test('is shown without secrets', async () => {
    const line = 'ERROR GET /me?access_token=s3cret refused for {"password":"s3cret"}';
    const { logs } = await reading(async function* () {
      yield [{ text: line, atMs: START_MS }];
    });
    expect(logs?.[0]?.text).toBe('ERROR GET /me?access_token=••• refused for {"password":"•••"}');
  });

  test('that is silent has no line, and no doubt', async () => {
    const silent = await reading(async function* () {
      yield [];
    });
    expect(silent).toEqual({ logs: [], logExcerpt: { source: '/ecs/shop-api', windows: WINDOWS }, doubts: [] });
  });

  test('is not asked where nothing failed, and where there is none', async () => {
    const plan = planOf([]);
    const asked = logOf(() => {
      throw new Error('asked');
    });
    const well = [outcomeOf({}, times(10, { ok: 1 }))];
    expect(await readLog({ serviceLog: asked, nowMs: () => 0 }, plan, well)).toEqual({ doubts: [] });
    expect(await readLog({ nowMs: () => 0 }, plan, failedTwice())).toEqual({ doubts: [] });
  });
});

describe('what can not be read is a doubt', () => {
  test('nothing of it: no line is claimed', async () => {
    const denied = await reading(async function* () {
      await Promise.reject(new Error('logs:FilterLogEvents: not allowed'));
      yield [];
    });
    const text = 'The log /ecs/shop-api was not read from 12:00:20 on: logs:FilterLogEvents: not allowed.';
    expect(denied).toEqual({ doubts: [text] });
  });

  test('the rest of it: what was read before stays', async () => {
    const { logs, logExcerpt, doubts } = await reading(async function* ({ fromMs }) {
      if (fromMs > START_MS + 100_000) throw new Error('Rate exceeded');
      yield pageOf(fromMs, 2);
    });
    expect(logs).toMatchObject([{ count: 2 }]);
    expect(logExcerpt?.windows).toEqual(WINDOWS.slice(0, 1));
    expect(doubts).toEqual(['The log /ecs/shop-api was not read from 12:05:20 on: Rate exceeded.']);
  });

  test.each<[bound: string, page: (fromMs: number) => LogEvent[], pages: number, lines: number, until: string]>([
    ['so many pages, empty ones too', () => [], 50, 0, '12:00:20'],
    ['so many lines', (fromMs) => pageOf(fromMs + 1000, 10_000), 2, 20_000, '12:00:30'], // 1 s + 9,999 ms
    ['so many letters', (fromMs) => pageOf(fromMs + 1000, 4, `ERROR ${'x'.repeat(2 ** 20)}`), 2, 8, '12:00:21'],
  ])('%s of a window are read, and no more', async (_, page, pages, lines, until) => {
    let handedOut = 0;
    const { logs, doubts } = await reading(async function* ({ fromMs }) {
      for (; ; handedOut += 1) yield page(fromMs);
    });
    expect(handedOut).toBe(2 * pages);
    expect(logs?.reduce((sum, { count }) => sum + count, 0)).toBe(2 * lines);
    expect(doubts).toHaveLength(2);
    expect(doubts[0]).toBe(
      `The log /ecs/shop-api was not read from ${until} to 12:00:50: it has too many lines there.`,
    );
  });

  test('a minute is read for, all windows together', async () => {
    const { logs, logExcerpt, doubts } = await reading(async function* ({ fromMs }) {
      for (let page = 0; ; page += 1) yield pageOf(fromMs + page * 1000, 1);
    }, 10_000);
    // At 10 s the end is set to 70 s, and the seventh look at the clock shows it.
    expect(logs).toMatchObject([{ count: 5 }]);
    expect(logExcerpt?.windows).toEqual(WINDOWS.slice(0, 1));
    expect(doubts).toEqual(['The log /ecs/shop-api was not read from 12:00:24 on: it took longer than a minute.']);
  });
});

describe('a report', () => {
  /** Of a run whose second 30 of the first phase has a failure; it begins in the first minute. */
  async function reportedWith(pages: Pages): Promise<Report> {
    const store = new NotingStore();
    await storeShopRun(store);
    const interval = emptyInterval();
    Object.assign(interval.arrivals, { due: 1, started: 1, abandoned: 1 });
    const step = stepOf(interval, 0);
    Object.assign(step.ledger, { sent: 1, failed: 1, failures: { 'status.503': 1 } });
    addCase(step.cases, { kind: 'status.503', atUs: 30e6 });
    const wire = encodeInterval({ phase: 0, worker: 0, second: 30 }, interval);
    const { phase, file } = runKeys(shopRun.run);
    await store.put(phase(0).intervals(0, 30), `${JSON.stringify(wire)}\n`);
    const metrics = { read: async () => ({ points: new Map(), periodSeconds: 60, doubts: [] }) };
    const notify = async (): Promise<void> => undefined;
    const ports = { ...hurried, store, metrics, alarmHistory: quietAlarms, notify, serviceLog: logOf(pages) };
    const { settings, ...started } = shopRun;
    await reportRun(ports, settings, { execution: started.execution, state: started }, []);
    return JSON.parse((await textAt(store, file('report.json'))) ?? '') as Report;
  }

  test('has what the service logged when its first request failed', async () => {
    const asked: LogWindow[] = [];
    const { logs, logExcerpt } = await reportedWith(async function* (window) {
      asked.push(window);
      yield pageOf(window.fromMs, 1);
    });
    expect(asked).toEqual([{ fromMs: minute(1) + 20_000, toMs: minute(1) + 50_000 }]);
    expect(logs).toEqual([{ text: 'ERROR pool is full', count: 1, at: '2026-03-02T12:01:20.000Z' }]);
    expect(logExcerpt).toMatchObject({ source: '/ecs/shop-api', windows: [{ from: '2026-03-02T12:01:20.000Z' }] });
  });

  test('stands where the log can not be read, and says so', async () => {
    const { summary, logs, doubts } = await reportedWith(async function* () {
      await Promise.reject(new Error('denied'));
      yield [];
    });
    expect(summary.run.id).toBe(shopRun.run);
    expect(logs).toBeUndefined();
    expect(doubts).toContain('The log /ecs/shop-api was not read from 12:01:20 on: denied.');
  });
});
