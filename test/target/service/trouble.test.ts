import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { Client } from 'pg';
import { createCacheServer } from '../../../target/cache/server.ts';
import { Store } from '../../../target/cache/store.ts';
import { buildProvider } from '../../../target/downstream/app.ts';
import { seedDatabase } from '../../../target/seed/seed.ts';
import { buildApp } from '../../../target/service/app.ts';
import { openCache } from '../../../target/service/cache.ts';
import { openDatabase } from '../../../target/service/database/database.ts';
import { createMetrics } from '../../../target/service/metrics.ts';
import { connectProvider } from '../../../target/service/provider.ts';
import type { Services } from '../../../target/service/services.ts';
import { createTokens } from '../../../target/service/tokens.ts';
import { type OwnPostgres, startPostgres } from '../../../target/stack/postgres.ts';

/** A service with two connections and short patience, whose parts a test may take away. */
let postgres: OwnPostgres;
let cacheServer: Server;
let provider: FastifyInstance;
let providerPort: number;
let services: Services;
let app: FastifyInstance;
const cacheSockets = new Set<Socket>();
const tokens = createTokens('secret');

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function serviceOn(paymentPort: number, cachePort: number): { services: Services; app: FastifyInstance } {
  const metrics = createMetrics();
  const database = openDatabase({ url: postgres.serviceUrl, poolMax: 2, poolWaitMs: 150 }, metrics);
  const cache = openCache({ url: `redis://127.0.0.1:${cachePort}`, prefix: 'test:' }, metrics);
  const payments = connectProvider({ url: `http://127.0.0.1:${paymentPort}`, timeoutMs: 200 }, metrics);
  const made = { metrics, database, cache, provider: payments, tokens };
  return { services: made, app: buildApp(made, 'silent') };
}

beforeAll(async () => {
  postgres = await startPostgres(() => undefined);
  await seedDatabase(postgres.serviceUrl, { users: 10, jobs: 20 });
  // The role's own limit is longer than a test should wait.
  const admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await admin.query("ALTER ROLE marketplace SET statement_timeout = '300ms'");
  await admin.end();
  cacheServer = createCacheServer(new Store(0, Math.random));
  cacheServer.on('connection', (socket) => cacheSockets.add(socket));
  provider = buildProvider({ delayMs: 0, seed: 1 });
  await provider.listen({ host: '127.0.0.1', port: 0 });
  providerPort = (provider.server.address() as AddressInfo).port;
  ({ services, app } = serviceOn(providerPort, await listening(cacheServer)));
  while ((await get('/health')).json<{ status: string }>().status !== 'ok') await turn();
});

afterAll(async () => {
  await app.close();
  await services.database.close();
  services.cache.close();
  await provider.close();
  await postgres.stop();
});

const metric = async (name: string): Promise<number> =>
  Number(
    new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (.*)$`, 'm').exec(await services.metrics.registry.metrics())?.[1],
  );
const get = (url: string) => app.inject({ method: 'GET', url });

/** Holds a lock that every reader of a table has to wait for, while `work` runs. */
async function whileLocked<Result>(table: string, work: () => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: postgres.adminUrl });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table}`);
  try {
    return await work();
  } finally {
    await client.query('ROLLBACK');
    await client.end();
  }
}

test('statements that wait too long and requests that find no connection are 503, to be tried again', async () => {
  const answers = await whileLocked('jobs', () => Promise.all(Array.from({ length: 6 }, () => get('/api/jobs'))));
  // Two hold the two connections until the statement's time-out; the pool's patience ends before that for the other four.
  const codes = answers.map((answer) => answer.json<{ error: { code: string } }>().error.code).sort();
  expect(codes).toEqual(['database-timeout', 'database-timeout', ...Array.from({ length: 4 }, () => 'pool-timeout')]);
  expect(new Set(answers.map((answer) => `${answer.statusCode} ${String(answer.headers['retry-after'])}`))).toEqual(
    new Set(['503 1']),
  );
  expect(await metric('db_pool_timeouts_total')).toBe(4);
  expect((await get('/api/jobs')).statusCode).toBe(200);
  expect(await metric('db_pool_waiting')).toBe(0);
});

test('a payment whose outcome is unknown stays pending, and the same request again completes it', async () => {
  const silent = createServer((socket) => socket.resume());
  const impatient = serviceOn(await listening(silent), 1);
  const [escrow] = await services.database.rows<{ id: number; customerId: number; amountCents: number }>(
    {
      name: 'test',
      text: `SELECT id, customer_id AS "customerId", amount_cents AS "amountCents" FROM escrow_accounts WHERE status = 'awaiting_payment'`,
    },
    [],
  );
  const request = {
    method: 'POST',
    url: `/api/escrows/${escrow?.id}/payments`,
    headers: {
      authorization: `Bearer ${tokens.issue({ userId: escrow?.customerId ?? 0, role: 'customer' }, Date.now())}`,
    },
    body: { amountCents: escrow?.amountCents, card: { number: '4242424242424242', expiry: '12/30', cvc: '123' } },
  } as const;
  const unknown = await impatient.app.inject(request);
  expect([unknown.statusCode, unknown.json()]).toEqual([
    504,
    { error: { code: 'provider-timeout', message: expect.any(String) } },
  ]);
  const other = await app.inject({ ...request, headers: { ...request.headers, 'idempotency-key': 'another' } });
  expect(other.json()).toMatchObject({ error: { code: 'payment-pending' } });
  const completed = await app.inject(request);
  expect([completed.statusCode, completed.json()]).toMatchObject([201, { status: 'succeeded' }]);
  expect(await metric('payments_total{outcome="succeeded"}')).toBe(1);
  await impatient.app.close();
  await impatient.services.database.close();
  impatient.services.cache.close();
  silent.close();
});

test('without its cache the service answers from the database, and says that it is degraded', async () => {
  expect((await get('/api/jobs/1')).headers['x-cache']).toBe('miss');
  expect((await get('/api/jobs/1')).headers['x-cache']).toBe('hit');
  cacheServer.close();
  for (const socket of cacheSockets) socket.destroy();
  await once(cacheServer, 'close');
  const errors = await metric('cache_errors_total');
  const answer = await get('/api/jobs/1');
  expect([answer.statusCode, answer.headers['x-cache']]).toEqual([200, 'miss']);
  expect(await metric('cache_errors_total')).toBeGreaterThan(errors);
  const health = await get('/health');
  expect([health.statusCode, health.json()]).toMatchObject([
    200,
    { status: 'degraded', database: { ok: true }, cache: { ok: false } },
  ]);
});

test('without its database the service is alive, says 503, and shows nothing internal', async () => {
  await postgres.stop();
  // Health is at most half a second old, so it is asked until it knows.
  let health = await get('/health');
  while (health.statusCode !== 503) {
    await turn();
    health = await get('/health');
  }
  expect(health.json()).toMatchObject({ status: 'down', database: { ok: false } });
  const answer = await get('/api/jobs');
  expect([answer.statusCode, answer.json()]).toEqual([
    503,
    { error: { code: 'database-unavailable', message: 'The service is unavailable; try again later.' } },
  ]);
  expect((await get('/health/live')).statusCode).toBe(200);
  expect((await get('/metrics')).statusCode).toBe(200);
});
