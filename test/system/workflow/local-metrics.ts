import { setTimeout as sleep } from 'node:timers/promises';
import { metricsSource } from '../../../lib/adapters/node/sources.ts';
import { Sampler } from '../../../lib/adapters/node/sampler.ts';
import type { Metrics, MetricsReply, MetricWindow } from '../../../lib/run/workflow/ports.ts';
import { type MetricQuery, queryId } from '../../../lib/signals/cloudwatch/query.ts';
import { signals } from '../../../lib/signals/index.ts';
import type { SignalSeries } from '../../../lib/signals/signal.ts';
import { SeriesBuilder } from '../../../lib/signals/series/series.ts';

const PERIOD_MS = 1000;

/**
 * What CloudWatch would tell of a service on this machine: what the service says of itself, second by second. Of the time
 * before its first reading it says what that said: what it stands for has been up for long.
 */
export class LocalMetrics implements Metrics, AsyncDisposable {
  /** On the axis of the epoch. */
  readonly #series = new SeriesBuilder(signals, 0);
  readonly #sampler: Sampler;

  constructor(service: URL) {
    this.#sampler = new Sampler({ sources: [metricsSource(service)] }, this.#series);
    this.#sampler.start();
  }

  async read(queries: readonly MetricQuery[], { fromMs, toMs }: MetricWindow): Promise<MetricsReply> {
    const byQuery = await this.#knownOf(queries);
    const points = queries.map(({ id }) => {
      const all = (byQuery.get(id) ?? []).map(([at, value]) => [at * 1000 - PERIOD_MS, value] as const);
      const [first] = all;
      const known = first === undefined || first[0] < toMs ? all : [[fromMs, first[1]] as const];
      return [id, known.filter(([at]) => at >= fromMs && at < toMs)] as const;
    });
    return { points: new Map(points), periodSeconds: PERIOD_MS / 1000, doubts: [] };
  }

  /** Waits until something of what is asked is known: a rate needs two readings, and one may come late. What is not there at five never comes. */
  async #knownOf(queries: readonly MetricQuery[]): Promise<ReadonlyMap<string, SignalSeries['points']>> {
    for (; ; await sleep(100)) {
      const known = new Map(this.#series.series().map((series) => [queryId(series), series.points]));
      if (queries.some(({ id }) => known.has(id)) || known.values().some(({ length }) => length >= 5)) return known;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sampler.stop();
  }
}
