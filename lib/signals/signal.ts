import type { Cloud } from './cloudwatch/cloud.ts';
import type { Limit } from './limit.ts';

/**
 * One reading of everything that a service, its database and its cache tell of themselves: Prometheus text, `pg_stat_*`
 * and `INFO`, flattened to `name{label="value"}` → number. Counters count up; gauges stand.
 */
export interface Scrape {
  readonly atMs: number;
  readonly values: ReadonlyMap<string, number>;
}

/** A signal's value from the latest scrape and the one before; undefined where either lacks what it needs. */
export type Reading = (now: Scrape, before: Scrape) => number | undefined;

/** `ratio` 0–1, `us` microseconds, `bytes`, `perSecond`, or a plain `count`. */
export type SignalUnit = 'ratio' | 'us' | 'bytes' | 'perSecond' | 'count';

/** The USE kinds (Gregg 2013), and traffic, which explains but never accuses. */
export type SignalKind = 'utilisation' | 'saturation' | 'errors' | 'traffic';

/** The resource whose exhaustion a signal is evidence for. */
export type BottleneckId =
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
  | 'unknown'
  | 'none';

/**
 * A system metric, declared once: how it is read here and in AWS, how it is drawn, from where on its resource is exhausted,
 * and when somebody is told.
 */
export interface Signal {
  readonly id: string;
  readonly title: string;
  readonly unit: SignalUnit;
  readonly kind: SignalKind;
  readonly bottleneck: BottleneckId;
  /** Beyond this the resource counts as saturated. */
  readonly limit?: Limit;
  /** From a scrape, on any machine; `never` where only the cloud knows. */
  readonly read: Reading;
  /** In CloudWatch; absent where nothing there knows it. */
  readonly cloud?: Cloud;
}

/** A signal over a run: [seconds since the run's start, value]. Gaps in the readings are gaps here. */
export interface SignalSeries {
  readonly id: string;
  readonly title: string;
  readonly unit: SignalUnit;
  readonly kind: SignalKind;
  readonly limit?: Signal['limit'];
  readonly points: readonly (readonly [atSeconds: number, value: number])[];
}

/** A statement as `pg_stat_statements` counted it during a run. Constants stand as $1, so no data leaves the database. */
export interface Statement {
  readonly text: string;
  readonly calls: number;
  readonly meanUs: number;
  readonly totalUs: number;
}
