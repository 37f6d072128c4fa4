import { ecsClient, serviceTasks } from '../../lib/adapters/aws/service-tasks.ts';
import { storeAt } from '../../lib/adapters/aws/s3-store.ts';
import { addressWithToken } from '../../lib/adapters/aws/database-token.ts';
import { DatabaseSource } from '../../lib/adapters/node/database-source.ts';
import type { SignalSource } from '../../lib/adapters/node/sampler.ts';
import { cacheSource, metricsSource } from '../../lib/adapters/node/sources.ts';
import { WatchedTasks } from '../../lib/adapters/node/task-sources.ts';
import { messageOf } from '../../lib/errors.ts';
import { type Collects, readRun, type StoredRun } from '../../lib/run/archive/run-record.ts';
import { lineFilter } from '../../lib/signals/selector.ts';
import { collect } from './collector.ts';
import { type CollectorInput, collectorInputFrom } from './collector-input.ts';

/**
 * Entry of the collector's task: reads a run's system as `collects` of the run says, until the run's report is begun. SIGTERM, or
 * its time, ends it earlier, and what is known is stored.
 */
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort()).once('SIGINT', () => stopping.abort());

const warn = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

function tasksOf({ service }: CollectorInput, path: string, isWanted: (line: string) => boolean): WatchedTasks {
  const client = ecsClient();
  return new WatchedTasks({
    list: async () => await serviceTasks(client, service),
    sourceOf: (host) => metricsSource(new URL(path, `http://${host}:${service.port}`), isWanted),
  });
}

function databaseOf({ database }: CollectorInput): DatabaseSource | undefined {
  if (database === undefined) return undefined;
  const { url, token } = database;
  return new DatabaseSource(token ? addressWithToken(url) : async () => url);
}

const NOTHING = { database: false, cache: false } as const;

async function portsFor(input: CollectorInput, { facts }: StoredRun) {
  const { metrics, ...stores }: Collects = facts.collects ?? NOTHING;
  const isWanted = lineFilter();
  const tasks = metrics !== undefined && 'path' in metrics ? tasksOf(input, metrics.path, isWanted) : undefined;
  const database = stores.database ? databaseOf(input) : undefined;
  const sources: SignalSource[] = database === undefined ? [] : [database];
  if (metrics !== undefined && 'url' in metrics) sources.push(metricsSource(new URL(metrics.url), isWanted));
  if (stores.cache && input.cacheUrl !== undefined) sources.push(await cacheSource(input.cacheUrl));
  await tasks?.look();
  const doubts = (): string[] =>
    tasks?.failure === undefined ? [] : [`The service's tasks could not be looked for: ${messageOf(tasks.failure)}`];
  return { sampled: { sources, ...(tasks && { tasks }) }, database, doubts };
}

try {
  const input = collectorInputFrom(process.env);
  const store = storeAt(input.storeAddress);
  const run = await readRun(store, input.runId);
  setTimeout(() => stopping.abort(), input.maxHours * 3600e3).unref();
  await collect(run, { store, ...(await portsFor(input, run)), signal: stopping.signal, warn });
  process.exit(0);
} catch (error) {
  warn(messageOf(error));
  process.exit(1);
}
