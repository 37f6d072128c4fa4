import type { DatabaseSource } from '../../lib/adapters/node/database-source.ts';
import { metricsSource } from '../../lib/adapters/node/metrics-source.ts';
import { hostSource, type SignalSource } from '../../lib/adapters/node/sampler.ts';
import { isLoopback } from '../../lib/run/safety.ts';
import type { TargetUnderTest } from './target-under-test.ts';

/** Where signals of the system are read while it is loaded; the database also names the statements that took the time. */
export interface Sources {
  readonly all: readonly SignalSource[];
  readonly database: DatabaseSource | undefined;
}

/** Clients are loaded where they are needed: a run against somebody's URL needs none. */
export async function sourcesOf({ target, metrics, database, cache }: TargetUnderTest): Promise<Sources> {
  const all: SignalSource[] = [];
  if (metrics !== undefined) all.push(metricsSource(metrics));
  const asked = database === undefined ? undefined : await databaseSource(database);
  if (asked !== undefined) all.push(asked);
  if (cache !== undefined) all.push((await import('../../lib/adapters/node/cache-source.ts')).cacheSource(cache));
  if (isLoopback(target)) all.push(hostSource());
  return { all, database: asked };
}

async function databaseSource(url: string): Promise<DatabaseSource> {
  const { DatabaseSource: Source } = await import('../../lib/adapters/node/database-source.ts');
  return new Source(url);
}
