import { formatBytes, formatMoment, formatNumber, formatRatio, formatUs } from '../units.ts';
import type { Cloud, Limit, Quantity } from './cloudwatch/cloud.ts';

/**
 * One reading of everything that a service, its database and its cache report of themselves: Prometheus text, `pg_stat_*`
 * and `INFO`, flattened to `name{label="value"}` → number. Counters count up; gauges stand.
 */
export interface Scrape {
  readonly atMs: number;
  readonly values: ScrapeValues;
  /** Which tasks of a service it is of, where there are several; scrapes of different ones are not compared. */
  readonly of?: string;
}

/** By series, each once. */
export interface ScrapeValues extends Iterable<readonly [key: string, value: number]> {
  readonly size: number;
  get(key: string): number | undefined;
}

/** A reading of a service that runs as several tasks: `values` are of what there is once, such as its database. */
export interface FleetScrape extends Scrape {
  /** By task, of all that should run; undefined of one that did not answer. */
  readonly tasks?: ReadonlyMap<string, ScrapeValues | undefined>;
}

/** What an expression in PromQL is written for. */
export interface PromqlScope {
  /** Labels that each value is of, as `by` takes them: `job, instance`. */
  readonly by: string;
  /** The time over which growth is taken. */
  readonly windowSeconds: number;
  /** A matcher that every selector has besides its own: `job=~"shop|postgres"`, or nothing. */
  readonly where: string;
  /** What no metric holds; an expression that needs one that is missing can't be written. */
  readonly quantities: Readonly<Partial<Record<Quantity, number>>>;
}

/** An expression in PromQL; undefined where there is none. */
export type Promql = (scope: PromqlScope) => string | undefined;

/** How a signal is read from what a system exports: by Plimsoll, and by a Prometheus that scrapes the same. */
export interface Reading {
  /** From the latest scrape and the one before; undefined where either lacks what it needs. */
  (now: Scrape, before: Scrape): number | undefined;
  readonly promql: Promql;
}

/** `ratio` 0–1, `us` microseconds, `bytes`, `perSecond`, a plain `count`, or a `moment` in seconds since 1970, which has no mean and no course. */
export type SignalUnit = 'ratio' | 'us' | 'bytes' | 'perSecond' | 'count' | 'moment';

/** The USE kinds (Gregg 2013), and traffic, which explains but never accuses. */
export type SignalKind = 'utilisation' | 'saturation' | 'errors' | 'traffic';

/** What can be exhausted, or fail, and so explain what users feel. */
export type Resource =
  | 'generator'
  | 'network'
  | 'balancer'
  | 'service.cpu'
  | 'service.memory'
  | 'service.event-loop'
  | 'service.workers'
  | 'database.connections'
  | 'database.statements'
  | 'database.locks'
  | 'database.cpu'
  | 'database.io'
  | 'cache.misses'
  | 'cache.evictions'
  | 'cache.outage'
  | 'downstream.latency'
  | 'downstream.errors'
  | 'retry-storm'
  | 'rate-limit'
  | 'refusals';

/** What gave way first: a resource, something that no resource explains, or nothing. */
export type BottleneckId = Resource | 'unknown' | 'none';

/**
 * A system metric, declared once: how it is read here and in AWS, how it is drawn, from where on its resource is exhausted,
 * and its alarm.
 */
export interface Signal {
  readonly id: string;
  readonly title: string;
  readonly unit: SignalUnit;
  readonly kind: SignalKind;
  /**
   * The resource whose exhaustion it is evidence for. Absent from symptoms (response times, errors), which every resource
   * causes alike, from traffic, and from the use of a machine that several share.
   */
  readonly accuses?: Resource;
  /** The resource that it is a use of: where both are exhausted, this is why. */
  readonly explains?: Resource;
  /** Beyond this the resource counts as saturated, or users feel the symptom. */
  readonly limit?: Limit;
  /**
   * How Prometheus knows it beyond what a service says of itself, in its unit: from the requests that a service counts, from
   * kube-state-metrics, cAdvisor and other exporters, and from what Plimsoll sends while it runs. Each exporter's list of metrics is the
   * source, by its name before the first `_`.
   */
  readonly exported?: Promql;
  /** From a scrape, on any machine; `never` where only the cloud knows. */
  readonly read: Reading;
  /**
   * Of a service that runs as several tasks: the worst task's value. By default all tasks are read as one, so that counts add up, and
   * means and shares are those of all requests.
   */
  readonly ofTasks?: 'worst';
  /** In CloudWatch; absent where nothing there knows it. */
  readonly cloud?: Cloud;
}

/** A signal over a run: [seconds since the run's start, value]. Gaps in the readings are gaps here. */
export interface SignalSeries {
  readonly id: string;
  readonly title: string;
  readonly unit: SignalUnit;
  readonly kind: SignalKind;
  readonly limit?: Limit;
  readonly points: readonly (readonly [atSeconds: number, value: number])[];
}

/** A statement as `pg_stat_statements` counted it during a run. Constants stand as $1, so no data leaves the database. */
export interface Statement {
  readonly text: string;
  readonly calls: number;
  readonly meanUs: number;
  readonly totalUs: number;
}

/** A signal's value for people, in its unit. */
export function formatSignal(value: number, unit: SignalUnit): string {
  switch (unit) {
    case 'ratio':
      return formatRatio(value);
    case 'us':
      return formatUs(value);
    case 'bytes':
      return formatBytes(value);
    case 'perSecond':
      return `${formatNumber(value)}/s`;
    case 'count':
      return formatNumber(value);
    case 'moment':
      return formatMoment(value);
  }
}
