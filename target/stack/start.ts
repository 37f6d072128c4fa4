import { randomBytes } from 'node:crypto';
import { isLab } from '../environment.ts';
import { failureLine, TargetFailure } from '../failure.ts';
import { startServices } from '../levels/topology.ts';
import { seedDatabase } from '../seed/seed.ts';
import { startCache } from './cache.ts';
import { startChild } from './children.ts';
import { reapStale } from './guarded-folder.ts';
import type { SeedSize } from '../seed/size.ts';
import { startPostgres } from './postgres.ts';

type Stoppable = { stop(): Promise<void> };

/** The ready line of the target; its field names are a contract. */
export interface ReadyLine {
  readonly format: 'plimsoll.target.v1';
  readonly url: string;
  readonly metrics: string;
  readonly database: string;
  readonly cache: { readonly kind: string; readonly url: string };
  readonly downstream: string;
  readonly seeded: { readonly users: number; readonly jobs: number; readonly seconds: number };
}

export interface RunningStack {
  readonly ready: ReadyLine;
  stop(): Promise<void>;
}

/**
 * Starts the parts in the order of their dependence; when one fails, or `cancelled` fires, stops those already started.
 * @returns undefined when it was cancelled before it was ready
 * @throws TargetFailure
 */
export async function startStack(
  size: SeedSize,
  say: (line: string) => void,
  cancelled: AbortSignal,
): Promise<RunningStack | undefined> {
  const started: Stoppable[] = [];
  const keep = <Part extends Stoppable>(part: Part): Part => {
    started.push(part);
    cancelled.throwIfAborted();
    return part;
  };
  // Last started, first stopped: the service drains while its database still answers.
  const stop = async (): Promise<void> => {
    for (const part of started.toReversed()) await part.stop().catch((error: unknown) => say(failureLine(error)));
  };
  try {
    const ready = await startParts(size, say, keep);
    return { ready, stop };
  } catch (error) {
    await stop();
    if (cancelled.aborted) return undefined;
    throw error;
  }
}

/** Whatever this process's environment says, the parts listen on free loopback ports. */
const listen = { HOST: '127.0.0.1', PORT: '0' } as const;

type Keep = <Part extends Stoppable>(part: Part) => Part;

async function startParts(size: SeedSize, say: (line: string) => void, keep: Keep): Promise<ReadyLine> {
  const onLost = (name: string): void => say(`${name} has ended by itself; the target goes on without it`);
  const reaped = await reapStale();
  if (reaped > 0) say(`removed what ${reaped} killed start(s) had left behind`);
  const database = await openDatabase(say, keep, onLost);
  const cache = keep(await startCache(onLost));
  say(`cache: ${cache.kind}`);
  const downstream = keep(await startChild('downstream', 'downstream/main.ts', { environment: listen, onLost }));
  say(`seeding ${size.users.toLocaleString('en')} users and ${size.jobs.toLocaleString('en')} jobs`);
  const seconds = await seedDatabase(database.serviceUrl, size);
  const downstreamUrl = `http://127.0.0.1:${downstream.hello.port}`;
  const environment = {
    DATABASE_URL: database.serviceUrl,
    REDIS_URL: cache.url,
    // Job ids start at 1 in every run, so a Redis that outlives a run must not answer with an earlier run's jobs.
    CACHE_PREFIX: `plimsoll:${randomBytes(4).toString('hex')}:`,
    PAYMENT_PROVIDER_URL: downstreamUrl,
    TOKEN_SECRET: randomBytes(32).toString('hex'),
    ...listen,
  };
  say('starting the service');
  const options = { environment, onLost };
  const service = isLab()
    ? await startServices(options, keep)
    : keep(await startChild('service', 'service/main.ts', options));
  const url = `http://127.0.0.1:${service.hello.port}`;
  return {
    format: 'plimsoll.target.v1',
    url,
    metrics: `${url}/metrics`,
    database: withoutPassword(database.adminUrl),
    cache: { kind: cache.kind, url: withoutPassword(cache.url) },
    downstream: downstreamUrl,
    seeded: { ...size, seconds },
  };
}

async function openDatabase(
  say: (line: string) => void,
  keep: Keep,
  onLost: (name: string) => void,
): Promise<{ adminUrl: string; serviceUrl: string }> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') {
    if (!URL.canParse(given)) throw new TargetFailure('E-TARGET-DATABASE', 'DATABASE_URL is not a URL');
    return { adminUrl: given, serviceUrl: given };
  }
  say('starting PostgreSQL');
  const postgres = keep(await startPostgres(onLost));
  say(`PostgreSQL ${postgres.version} runs; its log: ${postgres.log}`);
  return postgres;
}

/** Who gave a URL with a password knows the password; a printed line may end up in a log. */
function withoutPassword(url: string): string {
  const parsed = new URL(url);
  if (parsed.password === '') return url;
  parsed.password = '';
  return parsed.href;
}
