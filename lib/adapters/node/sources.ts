import type { Agent, IncomingMessage } from 'node:http';
import type { DatabaseSource } from './database-source.ts';
import { isLoopback } from '../../run/safety.ts';
import { nodeHttp } from './node-http.ts';
import { ExpositionReader } from '../../signals/prometheus/exposition.ts';
import type { ScrapeValues } from '../../signals/signal.ts';
import { hostSource, type SignalSource } from './sampler.ts';

/** Addresses at which a target and what it runs on can be read. */
export interface SourceAddresses {
  readonly target: URL;
  readonly metrics?: URL;
  readonly health?: URL;
  readonly database?: string;
  readonly cache?: string;
  /** Which lines of the metrics are read; by default all. */
  readonly isWanted?: (line: string) => boolean;
}

/** Where signals of the system are read while it is loaded; the database also names the statements that took the time. */
export interface Sources {
  readonly all: readonly SignalSource[];
  readonly database: DatabaseSource | undefined;
}

/** Clients are loaded only where they are needed: a run against a mere URL starts without those of databases and caches. */
export async function sourcesOf({
  target,
  metrics,
  health,
  database: url,
  cache,
  isWanted,
}: SourceAddresses): Promise<Sources> {
  const all: SignalSource[] = [];
  if (metrics !== undefined) all.push(metricsSource(metrics, isWanted));
  if (health !== undefined) all.push(healthSource(health));
  const database = url === undefined ? undefined : await databaseSource(url);
  if (database !== undefined) all.push(database);
  if (cache !== undefined) all.push(await cacheSource(cache));
  if (isLoopback(target)) all.push(hostSource());
  return { all, database };
}

async function databaseSource(url: string): Promise<DatabaseSource> {
  const { DatabaseSource: Source } = await import('./database-source.ts');
  return new Source(async () => url);
}

/** Prometheus' own default of scrape_timeout. */
const SCRAPE_MS = 10_000;

/**
 * The service's own account, as Prometheus text at `url`, and how long it took, under Prometheus' own name for that. A service at
 * its limit answers late, and then its figures count most: a request goes on when a reading is given up, and the next one takes its
 * answer. A redirect is no reading: only `url`'s host was allowed.
 */
export function metricsSource(url: URL, isWanted?: (line: string) => boolean): SignalSource {
  const page = { url, agent: agentFor(url), reader: new ExpositionReader(isWanted) };
  return outlasting(SCRAPE_MS, () => scrapeOf(page));
}

/** As an Application Load Balancer's default of HealthCheckTimeoutSeconds. */
const HEALTH_MS = 5000;

/** Whether the health check failed: 1 where it answers with anything but a success, in more than five seconds, or not at all. */
export function healthSource(url: URL): SignalSource {
  const page = { url, agent: agentFor(url) };
  return outlasting(HEALTH_MS, () => {
    const { answer, giveUp } = textAt(page);
    const failed = answer.then(
      () => 0,
      () => 1,
    );
    const checked = failed.then((count) => new Map([['health_check_failed', count]]));
    return { answer: checked, giveUp };
  });
}

/** A request under way, and how it is given up. */
interface Asked<T> {
  readonly answer: Promise<T>;
  readonly giveUp: () => void;
}

/** A source whose request may take longer than a reading: it goes on, and a later reading takes its answer. */
function outlasting(mostMs: number, ask: () => Asked<ScrapeValues>): SignalSource {
  let underWay: Asked<ScrapeValues> | undefined;
  const begun = (): Asked<ScrapeValues> => {
    const asked = ask();
    const timer = setTimeout(asked.giveUp, mostMs);
    const answer = asked.answer.finally(() => clearTimeout(timer));
    return { answer, giveUp: asked.giveUp };
  };
  return {
    read: async (signal) => {
      underWay ??= begun();
      const { promise: givenUp, reject } = Promise.withResolvers<never>();
      const giveUp = (): void => reject(signal.reason);
      signal.addEventListener('abort', giveUp, { once: true });
      const answered = underWay.answer.finally(() => signal.aborted || (underWay = undefined));
      return await Promise.race([answered, givenUp]).finally(() => signal.removeEventListener('abort', giveUp));
    },
    close: async () => underWay?.giveUp(),
  };
}

interface Page {
  readonly url: URL;
  readonly agent: Agent;
}

function scrapeOf({ reader, ...page }: Page & { readonly reader: ExpositionReader }): Asked<ScrapeValues> {
  const startedAtMs = performance.now();
  const { answer, giveUp } = textAt(page);
  const scrape = answer.then((text) => {
    const seconds = (performance.now() - startedAtMs) / 1000;
    return reader.read(text).with('scrape_duration_seconds', seconds);
  });
  return { answer: scrape, giveUp };
}

/**
 * By Node's own client, which takes half of the CPU that `fetch` does, and follows no redirect; without its `signal`, which costs as much
 * again as a small request.
 */
function textAt({ url, agent }: Page): Asked<string> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = nodeHttp(url.protocol).get(url, { agent }, resolve).on('error', reject);
  const answer = promise.then(async (reply) => {
    const { statusCode = 0 } = reply;
    if (statusCode >= 200 && statusCode < 300) return await bodyOf(reply);
    reply.destroy();
    throw new Error(`${url.pathname} answered ${statusCode}`);
  });
  return { answer, giveUp: () => void request.destroy(new Error(`${url.pathname} took too long, and was given up`)) };
}

/** Without a stream's iterator and decoder, which cost more than the reading. */
async function bodyOf(reply: IncomingMessage): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  reply.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
  reply.on('end', () => {
    const [only, ...more] = chunks;
    resolve((only !== undefined && more.length === 0 ? only : Buffer.concat(chunks)).toString());
  });
  return await promise;
}

/** Keeps its one connection, which holds no process up while nothing is asked. */
const agentFor = ({ protocol }: URL): Agent => new (nodeHttp(protocol).Agent)({ keepAlive: true, maxSockets: 1 });

/** The cache's own account: the numbers of Redis' INFO, with `cache_` before their names, and whether it gave none. */
export async function cacheSource(url: string): Promise<SignalSource> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    commandTimeout: 700,
    // A lost connection's timer would hold up the end of the process for ioredis's default of 2 s.
    disconnectTimeout: 200,
    connectionName: 'plimsoll',
  });
  // Without a listener a lost connection is printed; the next reading fails and leaves a gap.
  client.on('error', () => undefined);
  return {
    read: async () => {
      const answer = await client.info().catch(() => undefined);
      return answer === undefined ? new Map([['cache_down', 1]]) : parseInfo(answer).set('cache_down', 0);
    },
    close: async () => client.disconnect(),
  };
}

/** `keyspace_hits:12` → `cache_keyspace_hits` 12; lines that hold no number are left out. */
export function parseInfo(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const [, name, value] of text.matchAll(/^(\w+):(\d+(?:\.\d+)?)\r?$/gm)) {
    if (name !== undefined) values.set(`cache_${name}`, Number(value));
  }
  return values;
}
