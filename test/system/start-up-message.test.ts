import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { DatabaseSource } from '../../lib/adapters/node/database-source.ts';
import { connectWhenReady } from '../../target/stack/postgres.ts';
import { type StartUpMessage, StartUpRecorder } from './start-up-recorder.ts';

/** RDS Proxy takes these; what else a session needs stands in the parameter group or the role. */
const ACCEPTED = ['user', 'database', 'application_name', 'client_encoding', 'TimeZone'];

/** As a task in the cloud has it: an address without user and password, which come from Secrets Manager. */
const variables = (port: number): Record<string, string> => ({
  DATABASE_URL: `postgresql://127.0.0.1:${port}/app`,
  PGUSER: 'plimsoll',
  PGPASSWORD: 'secret',
  REDIS_URL: 'redis://127.0.0.1:1',
  PAYMENT_PROVIDER_URL: 'http://127.0.0.1:1',
  TOKEN_SECRET: 'secret',
});

const program = (path: string, port: number) =>
  spawn(process.execPath, [path], { env: variables(port), stdio: ['pipe', 'pipe', 'ignore'] });

async function service(port: number): Promise<void> {
  const child = program('target/service/main.ts', port);
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  await fetch(`http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}/health`);
  child.kill();
  await ended;
}

async function seed(port: number): Promise<void> {
  await once(program('target/seed/main.ts', port), 'exit');
}

async function watcher(port: number): Promise<void> {
  const source = new DatabaseSource(async () => `postgresql://plimsoll@127.0.0.1:${port}/app`);
  await source.read().catch(() => undefined);
  await source.close();
}

async function ownPostgres(port: number): Promise<void> {
  const over = { ended: new Promise<void>(() => undefined) };
  const client = await connectWhenReady(`postgresql://plimsoll@127.0.0.1:${port}/app`, over);
  await client.end();
}

/** By the file in which each client is made. Migrations and what watches the pool use the client of another. */
const clients: Readonly<Record<string, (port: number) => Promise<void>>> = {
  'lib/adapters/node/database-source.ts': watcher,
  'target/seed/seed.ts': seed,
  'target/service/database/database.ts': service,
  'target/stack/postgres.ts': ownPostgres,
};

test.each(Object.entries(clients))('%s asks for nothing that RDS Proxy refuses', async (_, connect) => {
  await using recorder = await StartUpRecorder.start(ACCEPTED);
  await connect(recorder.port);
  expect(recorder.messages.length).toBeGreaterThan(0);
  for (const message of recorder.messages) {
    expect(message).toMatchObject({ user: 'plimsoll', database: 'app' } satisfies StartUpMessage);
    expect(Object.keys(message).filter((name) => !ACCEPTED.includes(name))).toEqual([]);
  }
});

test('every client of PostgreSQL is recorded', () => {
  const sources = ['bin', 'dashboards', 'lambda', 'lib', 'loadgen', 'target'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => `${room}/${path}`),
  );
  const made = sources.filter((path) => {
    const text = readFileSync(path, 'utf8');
    return text.includes("from 'pg'") && /new (?:Client|Pool)\(/.test(text);
  });
  expect(made.toSorted()).toEqual(Object.keys(clients));
});
