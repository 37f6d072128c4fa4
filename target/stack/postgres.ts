import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { TargetFailure } from '../failure.ts';
import { type Child, startGuarded } from './children.ts';
import { freePort } from './free-port.ts';
import { makeGuardedFolder, reap } from './guarded-folder.ts';
import { copyPostgresBinaries } from './postgres-binaries.ts';

const run = promisify(execFile);
const startPatienceMs = 20_000;

/** PostgreSQL refuses to run as root; 65534 is "nobody" wherever there is one, and needs no account. */
const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

/**
 * A laptop's stand-in for RDS, beside a load generator on few cores. Lines that differ from PostgreSQL's defaults:
 * - max_connections as on the staging RDS;
 * - synchronous_commit off: the data is thrown away at stop, and a laptop's flush (0.1 ms on NVMe to 15 ms on an encrypted or
 *   virtual disk) would otherwise set the capacity and differ from machine to machine; fsync stays on for checkpoints;
 * - minimal WAL without senders: there is no replica, and seeding is quicker;
 * - no parallel queries, no JIT: both would take the generator's core, and no statement here needs them;
 * - auto_explain logs the plan of statements over 250 ms without timing each node, which would slow every statement.
 */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_preload_libraries: 'pg_stat_statements,auto_explain',
  max_connections: '200',
  shared_buffers: '128MB',
  effective_cache_size: '512MB',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  random_page_cost: '1.1',
  track_io_timing: 'on',
  log_lock_waits: 'on',
  'auto_explain.log_min_duration': '250ms',
  'pg_stat_statements.max': '1000',
} as const;

/** The service's limits, which stand in its role as they stand on RDS in the parameter group (lib/infra/staging/database.ts). */
const limits = { statement_timeout: '5s', idle_in_transaction_session_timeout: '10s' } as const;

/** A PostgreSQL of our own. */
export interface OwnPostgres {
  readonly version: string;
  /** The superuser's URL, for those who watch and reset. Trust on loopback: it holds no secret, and no data worth one. */
  readonly adminUrl: string;
  /** The service's URL: no superuser, as on RDS, so that the reserved connections stay free for those who watch. */
  readonly serviceUrl: string;
  readonly log: string;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL from the npm package's binaries on a free loopback port, data in a fresh temp folder, with an empty
 * database `marketplace` that belongs to the role `marketplace`.
 * @throws TargetFailure E-TARGET-PLATFORM or E-TARGET-POSTGRES
 */
export async function startPostgres(onLost: (name: string) => void): Promise<OwnPostgres> {
  const folder = await makeGuardedFolder('postgres');
  let child: Child | undefined;
  const stop = async (): Promise<void> => {
    await child?.stop();
    await reap(folder);
  };
  try {
    const { native, version } = await copyPostgresBinaries(folder, identity);
    const data = await initialise(folder, native);
    const port = await freePort();
    child = await launch({ folder, native, data, port }, onLost);
    const adminUrl = await createMarketplace(port, child);
    return {
      version,
      adminUrl,
      serviceUrl: adminUrl.replace('//app@', '//marketplace@'),
      log: join(folder, 'program.log'),
      stop,
    };
  } catch (error) {
    const failure = await explained(error, folder);
    await stop().catch(() => undefined);
    throw failure;
  }
}

async function initialise(folder: string, native: string): Promise<string> {
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  if (identity !== undefined) {
    await chmod(folder, 0o711);
    await chown(data, identity.uid, identity.gid);
  }
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '-E', 'UTF8'];
  await run(join(native, 'bin/initdb'), ['-D', data, '-U', 'app', '-A', 'trust', '-N', ...locale], {
    ...identity,
    cwd: folder,
  });
  return data;
}

interface Cluster {
  readonly folder: string;
  readonly native: string;
  readonly data: string;
  readonly port: number;
}

function launch({ folder, native, data, port }: Cluster, onLost: (name: string) => void): Promise<Child> {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return startGuarded(
    'PostgreSQL',
    {
      command: join(native, 'bin/postgres'),
      args: ['-D', data, '-p', String(port), ...options],
      folder,
      marks: ['postgres', data],
      // Fast shutdown; then immediate, which is safe for data that goes anyway.
      stopSignals: ['SIGINT', 'SIGQUIT', 'SIGKILL'],
      ...(identity === undefined ? {} : { identity }),
    },
    { onLost },
  );
}

async function createMarketplace(port: number, child: Child): Promise<string> {
  const client = await connectWhenReady(`postgres://app@127.0.0.1:${port}/postgres`, child);
  try {
    await client.query('CREATE ROLE marketplace LOGIN');
    for (const [name, value] of Object.entries(limits))
      await client.query(`ALTER ROLE marketplace SET ${name} = '${value}'`);
    await client.query('CREATE DATABASE marketplace OWNER marketplace STRATEGY file_copy');
  } finally {
    await client.end();
  }
  const adminUrl = `postgres://app@127.0.0.1:${port}/marketplace`;
  const admin = await connectWhenReady(adminUrl, child);
  await admin.query('CREATE EXTENSION pg_stat_statements');
  await admin.end();
  return adminUrl;
}

/** Connects as soon as PostgreSQL accepts; there is no event to wait for but its own log line. */
export async function connectWhenReady(url: string, child: Pick<Child, 'ended'>): Promise<Client> {
  const deadline = Date.now() + startPatienceMs;
  const life = { over: false };
  void child.ended.then(() => (life.over = true));
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (life.over || Date.now() > deadline) throw error;
      await pause(20);
    }
  }
}

/** The cause is in the log rather than in the failed connection, where there is a log. */
async function explained(cause: unknown, folder: string): Promise<TargetFailure> {
  if (cause instanceof TargetFailure && cause.code === 'E-TARGET-PLATFORM') return cause;
  const log = await readFile(join(folder, 'program.log'), 'utf8').catch(() => '');
  const fatal = log.split('\n').findLast((line) => /FATAL|PANIC|ERROR|error/.test(line));
  return new TargetFailure('E-TARGET-POSTGRES', fatal ?? cause);
}
