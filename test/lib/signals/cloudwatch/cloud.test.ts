import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { CloudAlarm, CloudReading } from '../../../../lib/signals/cloudwatch/cloud.ts';
import { signals } from '../../../../lib/signals/index.ts';
import type { SignalUnit } from '../../../../lib/signals/signal.ts';

const cloudSignals = signals.flatMap(({ cloud, ...signal }) => (cloud === undefined ? [] : [{ ...signal, cloud }]));
const alarmed = cloudSignals.flatMap(({ cloud: { alarm, ...cloud }, ...signal }) =>
  alarm === undefined ? [] : [{ ...signal, cloud, alarm, name: alarm.id }],
);

test('every signal that a file of the folder declares is in the list', () => {
  const sources = readdirSync('lib/signals/resources')
    .map((file) => readFileSync(`lib/signals/resources/${file}`, 'utf8'))
    .filter((source) => source.includes(': readonly Signal[] = ['));
  const declared = sources.flatMap((source) => Array.from(source.matchAll(/^ {4}id: '(.+)',$/gm), ([, id = '']) => id));
  expect(declared.toSorted()).toEqual(signals.map(({ id }) => id).toSorted());
});

test('ids are unique, of signals and of alarms', () => {
  expect(new Set(signals.map(({ id }) => id)).size).toBe(signals.length);
  expect(new Set(alarmed.map(({ alarm }) => alarm.id)).size).toBe(alarmed.length);
});

/** Users who are hurt, load near the measured capacity, and each resource near its limit. */
test('there is an alarm for everything on-call must hear of', () => {
  const ids = alarmed.map(({ alarm }) => alarm.id);
  expect(ids.toSorted()).toEqual([
    'cache-cpu',
    'cache-evictions',
    'cache-hit-ratio',
    'cache-memory',
    'cpu-high',
    'database-connections',
    'database-cpu',
    'database-latency',
    'database-storage',
    'error-rate',
    'generator-late',
    'instances-at-maximum',
    'memory-high',
    'proxy-wait',
    'response-time-p99',
    'rotation-failed',
    'spot-interruptions',
    'task-crashes',
    'tasks-at-maximum',
    'tasks-short',
    'tps-near-capacity',
    'unhealthy-hosts',
  ]);
});

describe.each(alarmed)('alarm $name is complete', ({ title, unit, cloud, alarm }) => {
  const path = `docs/runbooks/${alarm.id}.md`;

  test('a runbook with three things to look at, what to do, and how to know that it is over', () => {
    const page = readFileSync(path, 'utf8');
    expect(page).toMatch(new RegExp(`^# ${alarm.id}\n`));
    const [, look = ''] = page.split('## Look at');
    expect(look.match(/^\d\. /gm)?.length).toBeGreaterThanOrEqual(3);
    expect(page).toContain('## Do');
    expect(page).toContain('## Afterwards');
  });

  test('a description, a unit, a line in a graph', () => {
    expect(alarm.meaning.length).toBeGreaterThan(40);
    expect(new Set(alarm.lookAt).size).toBe(3);
    expect(['ratio', 'us', 'bytes', 'perSecond', 'count']).toContain(unit);
    expect(title).not.toBe('');
    expect(cloud.drawn.graph).not.toBe('');
  });

  test('so many of so many minutes, and a limit that can be crossed', () => {
    expect(alarm.forMinutes).toBeGreaterThan(0);
    expect(alarm.forMinutes).toBeLessThanOrEqual(alarm.ofMinutes);
    expect(Object.values(alarm.limit).every(Number.isFinite)).toBe(true);
  });
});

/** Each metric that a reading takes, by namespace, name and statistic, in the order of the formula. */
const sources = (reading: CloudReading): string[] => {
  if ('quantity' in reading) return [];
  if ('math' in reading) return Object.values(reading.using).flatMap(sources);
  return [`\`${reading.namespace} ${reading.metric} ${reading.statistic}\``];
};

/** A limit as the page writes it. */
function limitOf({ limit }: CloudAlarm, unit: SignalUnit): string {
  const [[side, value]] = Object.entries(limit) as [[string, number]];
  if (unit === 'ratio') return `${side} ${Math.round(value * 100)} %`;
  if (unit === 'us') return `${side} ${value >= 1e6 ? `${value / 1e6} s` : `${value / 1e3} ms`}`;
  return `${side} ${value}${unit === 'perSecond' ? '/s' : ''}`;
}

test('docs/signals.md has a row for each, with its dashboard, its alarm and its limit, and what it is read from', () => {
  const page = readFileSync('docs/signals.md', 'utf8');
  const rows = cloudSignals.map(({ id, title, unit, cloud: { drawn, alarm, reading } }) => {
    const link = alarm === undefined ? '–' : `[${alarm.id}](runbooks/${alarm.id}.md), ${limitOf(alarm, unit)}`;
    return `| \`${id}\` | ${title} | ${drawn.on} | ${link} | ${sources(reading).join(', ')} |`;
  });
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});

test('no runbook is without its alarm', () => {
  const known = [...alarmed.map(({ alarm }) => alarm.id), 'users-are-hurt', 'README'];
  const pages = readdirSync('docs/runbooks').map((file) => file.replace('.md', ''));
  expect(pages.filter((page) => !known.includes(page))).toEqual([]);
  expect(readFileSync('docs/runbooks/README.md', 'utf8').match(/^\| \[/gm)).toHaveLength(known.length - 1);
});

/** Identifiers of an expression that are neither functions nor numbers. */
const variables = (math: string): string[] => [...new Set(math.match(/\b[a-z]\w*\b/g))];

const formulas = cloudSignals.flatMap(({ id, cloud: { reading } }) => ('math' in reading ? [{ id, ...reading }] : []));

test.each(formulas)('$id: the formula uses what it names, and names what it uses', ({ math, using }) => {
  expect(variables(math).toSorted()).toEqual(Object.keys(using).toSorted());
});

test('graphs hold one unit each, since they have one axis', () => {
  const byGraph = Map.groupBy(cloudSignals, ({ cloud: { drawn } }) => `${drawn.on}: ${drawn.graph}`);
  const mixed = [...byGraph]
    .filter(([, drawn]) => new Set(drawn.map(({ unit }) => unit)).size > 1)
    .map(([graph]) => graph);
  expect(mixed).toEqual([]);
});

test('percentages become ratios and seconds become microseconds, wherever AWS reports them so', () => {
  const metrics = (reading: CloudReading): { metric: string; scale: number }[] => {
    if ('quantity' in reading) return [];
    return 'math' in reading ? Object.values(reading.using).flatMap(metrics) : [reading];
  };
  const all = cloudSignals.flatMap(({ cloud }) => metrics(cloud.reading));
  const percent = all.filter(({ metric }) => /Utilization$|Percentage$|Reservation$/.test(metric));
  // The proxy's wait alone is in microseconds: Amazon RDS User Guide, "Monitoring RDS Proxy metrics with Amazon CloudWatch".
  const seconds = all.filter(({ metric }) => /(?<!Borrow)Latency$|ResponseTime$/.test(metric));
  expect(percent.length).toBeGreaterThanOrEqual(6);
  expect(percent.filter(({ scale }) => scale !== 0.01)).toEqual([]);
  expect(seconds.length).toBeGreaterThanOrEqual(5);
  expect(seconds.filter(({ scale }) => scale !== 1e6)).toEqual([]);
});
