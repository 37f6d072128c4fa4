import {
  type CloudWatchClient,
  type DescribeAlarmsCommandInput,
  type MetricDataQuery,
  type MetricDataResult,
  paginateDescribeAlarms,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Alarms, AlarmState, Metrics, MetricsReply, MetricWindow } from '../../run/workflow/ports.ts';
import type { MetricPart, MetricQuery } from '../../signals/cloudwatch/query.ts';
import { callAws } from './client-defaults.ts';

/** "AlarmNames: Maximum number of 100 items" (CloudWatch API, DescribeAlarms). */
const ALARMS_A_REQUEST = 100;

export class CloudWatchAlarms implements Alarms {
  readonly #client: CloudWatchClient;

  constructor(client: CloudWatchClient) {
    this.#client = client;
  }

  async states(names: readonly string[]): Promise<readonly AlarmState[]> {
    const parts = Array.from({ length: Math.ceil(names.length / ALARMS_A_REQUEST) }, (_, i) =>
      names.slice(i * ALARMS_A_REQUEST, (i + 1) * ALARMS_A_REQUEST),
    );
    return (await Promise.all(parts.map((part) => this.#statesOf(part)))).flat();
  }

  async #statesOf(AlarmNames: string[]): Promise<AlarmState[]> {
    return await callAws('cloudwatch:DescribeAlarms', async () => {
      const states: AlarmState[] = [];
      const request: DescribeAlarmsCommandInput = {
        AlarmNames,
        // Without it there are no composite ones.
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      };
      for await (const page of paginateDescribeAlarms({ client: this.#client }, request)) {
        for (const { AlarmName: name, StateValue: state } of [
          ...(page.MetricAlarms ?? []),
          ...(page.CompositeAlarms ?? []),
        ])
          if (name !== undefined && state !== undefined) states.push({ name, state });
      }
      return states;
    });
  }
}

/** "MetricDataQueries: up to 500 in one request" (CloudWatch API, GetMetricData). */
const QUERIES_A_REQUEST = 500;

export interface Patience {
  /** How long after its period a point is awaited. AWS services publish theirs within about two minutes. */
  readonly lateMs: number;
  readonly pollMs: number;
}

const PATIENCE: Patience = { lateMs: 150_000, pollMs: 10_000 };

interface Reading {
  readonly points: Map<string, (readonly [number, number])[]>;
  readonly doubts: string[];
}

/** GetMetricData, in pages and batches, with a period that fits the window's age. */
export class CloudWatchMetrics implements Metrics {
  readonly #client: CloudWatchClient;
  readonly #patience: Patience;

  constructor(client: CloudWatchClient, patience: Patience = PATIENCE) {
    this.#client = client;
    this.#patience = patience;
  }

  async read(queries: readonly MetricQuery[], window: MetricWindow): Promise<MetricsReply> {
    const periods = periodsOf(window, Date.now());
    const { periodSeconds } = periods;
    const giveUpAtMs = periods.untilMs + this.#patience.lateMs;
    if (periods.count === 0 || queries.length === 0) return { points: new Map(), periodSeconds, doubts: [] };
    for (;;) {
      const { points, doubts } = await this.#readOnce(queries, periods);
      const silent = silentNamespaces(queries, points, periods);
      if (silent.length === 0) return { points, periodSeconds, doubts };
      if (Date.now() + this.#patience.pollMs > giveUpAtMs)
        return { points, periodSeconds, doubts: [...doubts, ...silent.map(late)] };
      await sleep(this.#patience.pollMs);
    }
  }

  async #readOnce(queries: readonly MetricQuery[], periods: Periods): Promise<Reading> {
    const reading: Reading = { points: new Map(), doubts: [] };
    for (const batch of batches(queries)) await this.#readBatch(batch, periods, reading);
    for (const points of reading.points.values()) points.sort(([a], [b]) => a - b);
    // What concerns the whole operation is remarked by every page of it.
    return { ...reading, doubts: [...new Set(reading.doubts)] };
  }

  async #readBatch(batch: readonly MetricQuery[], periods: Periods, { points, doubts }: Reading): Promise<void> {
    const request = {
      MetricDataQueries: batch.flatMap((query) => dataQueries(query, periods.periodSeconds)),
      StartTime: new Date(periods.fromMs),
      EndTime: new Date(periods.untilMs),
      ScanBy: 'TimestampAscending',
    } as const;
    const unfinished = new Map<string, string>();
    const pages = paginateGetMetricData({ client: this.#client }, request)[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await callAws('cloudwatch:GetMetricData', () => pages.next());
      if (done === true) break;
      for (const result of value.MetricDataResults ?? []) {
        const { Id = '', StatusCode = 'Complete', Messages = [] } = result;
        collect(points, result);
        // A later page completes what an earlier one left partial.
        if (StatusCode === 'Complete') unfinished.delete(Id);
        else unfinished.set(Id, [StatusCode, ...Messages.map((message) => message.Value)].join(': '));
      }
      doubts.push(...(value.Messages ?? []).map(({ Value }) => `CloudWatch says: ${Value}`));
    }
    doubts.push(...Array.from(unfinished, ([id, status]) => `CloudWatch gave only a part of ${id} (${status})`));
  }
}

function* batches(queries: readonly MetricQuery[]): Iterable<MetricQuery[]> {
  let batch: MetricQuery[] = [];
  let size = 0;
  for (const query of queries) {
    const needs = Object.keys(query.parts).length + 1;
    if (size > 0 && size + needs > QUERIES_A_REQUEST) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(query);
    size += needs;
  }
  yield batch;
}

/** What is returned is named as the query; the parts of an expression stay behind. */
function dataQueries({ id, expression, parts }: MetricQuery, Period: number): MetricDataQuery[] {
  const named = Object.entries(parts);
  const alone = parts[expression];
  if (alone !== undefined) return [{ Id: id, MetricStat: metricStat(alone, Period), ReturnData: true }];
  return [
    ...named.map(([Id, part]) => ({ Id, MetricStat: metricStat(part, Period), ReturnData: false })),
    { Id: id, Expression: expression, Period, ReturnData: true },
  ];
}

const metricStat = ({ namespace, metric, dimensions, statistic }: MetricPart, Period: number) => ({
  Metric: {
    Namespace: namespace,
    MetricName: metric,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  },
  Period,
  Stat: statistic,
});

function collect(into: Reading['points'], { Id = '', Timestamps = [], Values = [] }: MetricDataResult): void {
  if (Timestamps.length === 0) return;
  const points = into.get(Id) ?? [];
  points.push(...Timestamps.map((at, index) => [at.getTime(), Values[index] ?? Number.NaN] as const));
  into.set(Id, points);
}

const late = (namespace: string): string =>
  `the last figures of ${namespace} had not come when the wait for them was over`;

/** Whole periods, aligned as CloudWatch aligns them. */
export interface Periods {
  readonly periodSeconds: number;
  readonly fromMs: number;
  /** The end of the last one. */
  readonly untilMs: number;
  readonly count: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** "Metrics retention" in the CloudWatch User Guide: so long there are points as fine as this. */
const KEPT = [
  { forMs: 3 * HOUR_MS, seconds: 1 },
  { forMs: 15 * DAY_MS, seconds: 60 },
  { forMs: 63 * DAY_MS, seconds: 300 },
];
const COARSEST_SECONDS = 3600;

/** "1, 5, 10, 20, 30, 60, or any multiple of 60" (CloudWatch API, MetricStat): the finest of them that is no finer. */
const SHORT = [1, 5, 10, 20, 30, 60];
const taken = (seconds: number): number => SHORT.find((each) => each >= seconds) ?? Math.ceil(seconds / 60) * 60;

/** The periods whose middle lies within the window, no finer than CloudWatch keeps at the age of the window's start. */
export function periodsOf({ fromMs, toMs, periodSeconds: wanted }: MetricWindow, nowMs: number): Periods {
  const finest = KEPT.find(({ forMs }) => nowMs - fromMs < forMs)?.seconds ?? COARSEST_SECONDS;
  const periodSeconds = Math.ceil(taken(wanted) / finest) * finest;
  const periodMs = periodSeconds * 1000;
  const first = Math.ceil(fromMs / periodMs - 0.5);
  const count = Math.max(0, Math.floor(toMs / periodMs - 0.5) - first + 1);
  return { periodSeconds, fromMs: first * periodMs, untilMs: (first + count) * periodMs, count };
}

/**
 * Namespaces whose last period has no reading yet. Many metrics speak only of trouble, so each is vouched for by the others
 * of its namespace, which come together; a namespace that never spoke is not awaited, unless nobody has spoken at all.
 */
export function silentNamespaces(
  queries: readonly MetricQuery[],
  points: MetricsReply['points'],
  { untilMs, periodSeconds }: Periods,
): string[] {
  const newest = new Map<string, number>();
  for (const { id, parts } of queries) {
    const atMs = points.get(id)?.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
    for (const { namespace } of Object.values(parts))
      newest.set(namespace, Math.max(atMs, newest.get(namespace) ?? atMs));
  }
  const spoke = [...newest].filter(([, atMs]) => Number.isFinite(atMs));
  if (spoke.length === 0) return [...newest.keys()];
  return spoke.filter(([, atMs]) => atMs < untilMs - periodSeconds * 1000).map(([namespace]) => namespace);
}
