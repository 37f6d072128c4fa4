import { beforeAll, describe, expect, test } from '@jest/globals';
import { signals } from '../../lib/signals/index.ts';
import { type Synthesised, synthesise } from '../lib/infra/synthesise.ts';

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title: string;
    readonly query?: string;
    readonly annotations?: { readonly horizontal: readonly { readonly value: number; readonly label: string }[] };
    readonly metrics?: readonly unknown[];
    readonly yAxis?: { readonly left?: { readonly label?: string } };
  };
}

let built: Synthesised;
const widgets = new Map<string, readonly Widget[]>();

/** A dashboard's body with every reference replaced by a word, as CloudFormation would. */
function bodyOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const parts = (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  return parts.map((part) => (typeof part === 'string' ? part : 'reference')).join('');
}

beforeAll(() => {
  built = synthesise('perf', ({ environment, scaling }) => ({
    environment,
    scaling: { ...scaling, measured: { run: 'r1', capacityPerSecond: 1000 } },
  }));
  for (const { Type, Properties } of built.resources.values()) {
    if (Type !== 'AWS::CloudWatch::Dashboard') continue;
    const body = JSON.parse(bodyOf(Properties?.['DashboardBody'])) as { widgets: Widget[] };
    widgets.set(String(Properties?.['DashboardName']), body.widgets);
  }
});

const of = (name: string): readonly Widget[] => widgets.get(`plimsoll-perf-${name}`) ?? [];

test('there are three: what users feel, what it costs the system, what the load test does', () => {
  expect([...widgets.keys()].toSorted()).toEqual([
    'plimsoll-perf-load-test',
    'plimsoll-perf-resources',
    'plimsoll-perf-service',
  ]);
});

test('every signal that CloudWatch knows is drawn, in the environment that has everything', () => {
  const drawn = JSON.stringify([...widgets.values()]);
  const missing = signals
    .filter(({ cloud, title }) => cloud !== undefined && !drawn.includes(JSON.stringify(title)))
    .map(({ id }) => id);
  expect(missing).toEqual([]);
});

describe('service: the golden signals', () => {
  test('traffic, response time in three percentiles, errors, replies by status, requests per target', () => {
    const titles = of('service').map(({ properties }) => properties.title);
    for (const title of [
      'Traffic',
      'Response time',
      'Errors',
      'Replies by status',
      'Requests per target',
      'Errors in the log',
    ])
      expect(titles).toContain(title);
    const time = of('service').find(({ properties }) => properties.title === 'Response time');
    expect(time?.properties.metrics?.length).toBeGreaterThanOrEqual(3);
    expect(time?.properties.yAxis?.left?.label).toBe('ms');
  });

  test('errors of the log stand beside their minutes', () => {
    const log = of('service').find(({ type }) => type === 'log');
    expect(log?.properties.query).toContain('deadlock');
  });
});

test('above the graphs the state of every alarm, and where to read what to do', () => {
  const [states, runbooks] = of('service');
  expect(states).toMatchObject({ type: 'alarm', properties: { title: 'Alarms' } });
  expect(JSON.stringify(runbooks)).toContain('docs/runbooks');
  expect(JSON.stringify(runbooks)).toContain('error-rate.md');
  const linked = synthesise('dev', ({ environment, scaling }) => ({
    environment: { ...environment, runbooks: 'https://example.org/run' },
    scaling,
  }));
  const bodies = [...linked.resources.values()]
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard')
    .map(({ Properties }) => bodyOf(Properties?.['DashboardBody']));
  expect(bodies.join('')).toContain('[error-rate](https://example.org/run/error-rate.md)');
});

test('every alarm is drawn into its graph at its limit, in the unit of the axis', () => {
  const lines = [...widgets.values()].flat().flatMap(({ properties }) => properties.annotations?.horizontal ?? []);
  const alarms = signals.flatMap(({ cloud }) => cloud?.alarm?.id ?? []);
  expect(alarms.filter((id) => !lines.some(({ label }) => label.endsWith(`alarm ${id}`)))).toEqual([]);
  expect(lines).toContainEqual({ value: 600, label: 'Response time p99: alarm response-time-p99', yAxis: 'left' });
  expect(lines).toContainEqual({ value: 85, label: 'Service CPU: alarm cpu-high', yAxis: 'left' });
});

test('load test: offered against carried in one graph, the phase bands, the generator’s own health', () => {
  const titles = of('load-test').map(({ properties }) => properties.title);
  expect(titles).toEqual(expect.arrayContaining(['Offered against carried', 'Phase', 'Start delay', 'Generator CPU']));
  const offered = of('load-test').find(({ properties }) => properties.title === 'Offered against carried');
  expect(JSON.stringify(offered?.properties.metrics)).toContain('Carried load');
});

test('an environment without instances, replica and measured capacity has no empty graph', () => {
  const dev = synthesise('dev');
  const bodies = [...dev.resources.values()]
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard')
    .map(({ Properties }) => bodyOf(Properties?.['DashboardBody']));
  expect(bodies.join('')).not.toContain('Replica lag');
  expect(bodies.join('')).not.toContain('"metrics":[]');
});
