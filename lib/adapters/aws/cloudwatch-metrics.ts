import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics, MetricsReply, MetricWindow } from '../../run/workflow/ports.ts';
import type { MetricPart, MetricQuery } from '../../signals/cloudwatch/query.ts';
import { callAws } from './client-defaults.ts';
import { periodsOf, type Periods, silentNamespaces } from './metric-periods.ts';

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
