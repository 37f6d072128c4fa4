import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { seededEmail, seededPassword } from '../../target/seed/accounts.ts';
import { callerOf, eventually, type Answer, type Caller } from './target-caller.ts';
import { startTarget, type TargetProcess } from './target-process.ts';

const card = { number: '4242424242424242', expiry: '12/30', cvc: '123' };
const refusedCard = { ...card, number: '4000000000000002' };
const newJob = {
  trade: 'plumber',
  city: 'Bath',
  title: 'Quell the wyvern',
  description: 'It drips.',
  budgetCents: 90_000,
};
const code = (answer: Answer): unknown => (answer.body['error'] as { code?: unknown } | undefined)?.code;

describe('the target', () => {
  let target: TargetProcess;
  let call: Caller;
  const logIn = async (n: number): Promise<string> => {
    const { body } = await call('POST', '/api/auth/login', {
      body: { email: seededEmail(n), password: seededPassword },
    });
    return String(body['token']);
  };
  /** A job of customer 1 with bids of trades 2 and 4. */
  const jobWithBids = async () => {
    const [customer, trade, other] = await Promise.all([logIn(1), logIn(2), logIn(4)]);
    const job = await call('POST', '/api/jobs', { token: customer, body: newJob });
    const path = `/api/jobs/${String(job.body['id'])}`;
    const bid = { amountCents: 80_000, message: 'Tomorrow.' };
    const first = await call('POST', `${path}/bids`, { token: trade, body: bid });
    const second = await call('POST', `${path}/bids`, { token: other, body: bid });
    return { customer, trade, path, bids: [first.body['id'], second.body['id']] };
  };
  const fundedEscrow = async () => {
    const made = await jobWithBids();
    const { body } = await call('POST', `/api/bids/${String(made.bids[0])}/accept`, { token: made.customer });
    const escrow = `/api/escrows/${String(body['escrowId'])}`;
    await call('POST', `${escrow}/payments`, { token: made.customer, body: { amountCents: 80_000, card } });
    return { ...made, escrow };
  };

  beforeAll(async () => {
    target = await startTarget();
    call = callerOf(target.ready.url);
  });

  afterAll(async () => {
    target.child.kill('SIGTERM');
    await once(target.child, 'exit');
  });

  test('prints one line that says where everything is', () => {
    expect(target.stdout).toHaveLength(1);
    expect(target.ready).toMatchObject({
      format: 'plimsoll.target.v1',
      metrics: `${target.ready.url}/metrics`,
      database: expect.stringMatching(/^postgres:\/\/app@127\.0\.0\.1:\d+\/marketplace$/),
      cache: { kind: expect.stringMatching(/^(embedded RESP cache|Redis [\d.]+|Valkey [\d.]+)$/) },
      downstream: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      seeded: { users: 2000, jobs: 200 },
    });
  });

  test('health names each dependency', async () => {
    await eventually(async () => (await call('GET', '/health')).body['status'] === 'ok');
    const { status, body } = await call('GET', '/health');
    expect(status).toBe(200);
    const check = { ok: true, milliseconds: expect.any(Number) };
    expect(body).toEqual({ status: 'ok', database: check, cache: check, downstream: check });
    expect((await call('GET', '/health/live')).status).toBe(200);
  });

  test('an account is registered, verified, logged in, in this order only', async () => {
    const account = { email: 'New.Person@example.test', password: 'a long one', name: 'New', role: 'trade' };
    const credentials = { email: account.email, password: account.password };
    const registered = await call('POST', '/api/auth/register', { body: account });
    expect(registered.status).toBe(201);
    expect(code(await call('POST', '/api/auth/register', { body: account }))).toBe('email-taken');
    expect(code(await call('POST', '/api/auth/login', { body: credentials }))).toBe('not-verified');
    const token = registered.body['verificationToken'];
    expect((await call('POST', '/api/auth/verify', { body: { token } })).status).toBe(200);
    expect((await call('POST', '/api/auth/verify', { body: { token } })).status).toBe(404);
    const wrong = await call('POST', '/api/auth/login', { body: { ...credentials, password: 'not this one' } });
    expect(code(wrong)).toBe('wrong-credentials');
    const logged = await call('POST', '/api/auth/login', { body: credentials });
    const me = await call('GET', '/api/me', { token: String(logged.body['token']) });
    expect(me.body).toMatchObject({
      userId: registered.body['userId'],
      email: 'new.person@example.test',
      role: 'trade',
    });
  });

  test('the whole journey: job, bids, accept, payment, dispute, refund', async () => {
    const { customer, trade, path, bids } = await jobWithBids();
    expect((await call('GET', path)).headers.get('x-cache')).toBe('miss');
    await eventually(async () => (await call('GET', path)).headers.get('x-cache') === 'hit');
    expect((await call('GET', `${path}/bids`, { token: customer })).body['bids']).toHaveLength(2);
    expect((await call('GET', `${path}/bids`, { token: trade })).body['bids']).toHaveLength(1);
    const accepted = await call('POST', `/api/bids/${String(bids[0])}/accept`, { token: customer });
    expect(accepted.status).toBe(201);
    await eventually(async () => (await call('GET', path)).body['status'] === 'assigned');
    const escrow = `/api/escrows/${String(accepted.body['escrowId'])}`;
    expect((await call('GET', escrow, { token: trade })).body).toMatchObject({
      status: 'awaiting_payment',
      amountCents: 80_000,
    });
    const paid = await call('POST', `${escrow}/payments`, { token: customer, body: { amountCents: 80_000, card } });
    expect(paid).toMatchObject({ status: 201, body: { status: 'succeeded' } });
    expect((await call('GET', escrow, { token: customer })).body['status']).toBe('funded');
    const dispute = await call('POST', `${escrow}/disputes`, { token: customer, body: { reason: 'It still drips.' } });
    expect(dispute.status).toBe(201);
    expect(code(await call('POST', `${escrow}/release`, { token: customer }))).toBe('escrow-state');
    const resolve = `/api/disputes/${String(dispute.body['id'])}/resolve`;
    const resolved = await call('POST', resolve, { token: trade, body: { outcome: 'refund' } });
    expect(resolved.body).toMatchObject({ status: 'resolved', outcome: 'refund' });
    expect(code(await call('POST', resolve, { token: trade, body: { outcome: 'refund' } }))).toBe('dispute-resolved');
    expect((await call('GET', escrow, { token: customer })).body['status']).toBe('refunded');
    await eventually(async () => (await call('GET', path)).body['status'] === 'cancelled');
  });

  test('a customer releases what is funded, once', async () => {
    const { customer, trade, path, escrow } = await fundedEscrow();
    expect(code(await call('POST', `${escrow}/release`, { token: trade }))).toBe('not-allowed');
    expect((await call('POST', `${escrow}/release`, { token: customer })).body['status']).toBe('released');
    expect(code(await call('POST', `${escrow}/release`, { token: customer }))).toBe('escrow-state');
    await eventually(async () => (await call('GET', path)).body['status'] === 'completed');
  });

  test('twenty accepts at once make one escrow account', async () => {
    const { customer, bids, path } = await jobWithBids();
    const accepts = Array.from({ length: 20 }, (_, index) =>
      call('POST', `/api/bids/${String(bids[index % 2])}/accept`, { token: customer }),
    );
    const answers = await Promise.all(accepts);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
    const all = await call('GET', `${path}/bids`, { token: customer });
    const states = (all.body['bids'] as { status: string }[]).map((bid) => bid.status).sort();
    expect(states).toEqual(['accepted', 'rejected']);
  });

  test('payments at once with one key charge once; a declined card leaves the escrow unpaid', async () => {
    const { customer, bids } = await jobWithBids();
    const { body } = await call('POST', `/api/bids/${String(bids[0])}/accept`, { token: customer });
    const payments = `/api/escrows/${String(body['escrowId'])}/payments`;
    const pay = (key: string, with_: object, amountCents = 80_000) =>
      call('POST', payments, { token: customer, key, body: { amountCents, card: with_ } });
    expect(code(await pay('a', card, 79_999))).toBe('amount-mismatch');
    expect(code(await pay('b', refusedCard))).toBe('card-declined');
    expect(code(await pay('b', card))).toBe('card-declined');
    const paid = await Promise.all([pay('c', card), pay('c', card), pay('c', card)]);
    expect(paid.map((answer) => answer.status)).toEqual([201, 201, 201]);
    expect(new Set(paid.map((answer) => answer.body['id'])).size).toBe(1);
    expect(code(await pay('d', card))).toBe('escrow-state');
  });

  test('listing pages through all open jobs, newest first, by filter', async () => {
    const first = await call('GET', '/api/jobs?limit=100');
    const second = await call('GET', `/api/jobs?limit=100&after=${String(first.body['next'])}`);
    const ids = [first, second].flatMap((page) => (page.body['jobs'] as { id: number }[]).map((job) => job.id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
    expect(ids.length).toBeGreaterThanOrEqual(180);
    const filtered = await call('GET', '/api/jobs?trade=plumber&limit=100');
    const trades = new Set((filtered.body['jobs'] as { trade: string }[]).map((job) => job.trade));
    expect([...trades]).toEqual(['plumber']);
  });

  test('search finds a job by a word in another form', async () => {
    await jobWithBids();
    const { body } = await call('GET', '/api/jobs/search?q=wyverns');
    expect(body['jobs']).toContainEqual(expect.objectContaining({ title: newJob.title }));
  });

  test('refusals tell a code and nothing internal', async () => {
    const token = await logIn(1);
    const rows: [Promise<Answer>, number, string][] = [
      [call('GET', '/api/me'), 401, 'not-authenticated'],
      [call('GET', '/api/me', { token: `${token}x` }), 401, 'not-authenticated'],
      [call('GET', '/nowhere'), 404, 'not-found'],
      [call('GET', '/api/jobs/999999999'), 404, 'not-found'],
      [call('GET', '/api/jobs/x'), 400, 'invalid-request'],
      [call('POST', '/api/jobs', { token, body: { ...newJob, budgetCents: -1 } }), 400, 'invalid-request'],
      [call('POST', '/api/jobs', { token, body: { ...newJob, title: 'a \u0000 b' } }), 400, 'invalid-request'],
      [call('POST', '/api/jobs/1/bids', { token, body: { amountCents: 1, message: 'x' } }), 403, 'not-allowed'],
      [call('GET', '/api/escrows/1', { token: await logIn(1999) }), 404, 'not-found'],
    ];
    const answers = await Promise.all(rows.map(async ([answer]) => answer));
    expect(answers.map((answer) => [answer.status, code(answer)])).toEqual(
      rows.map(([, status, name]) => [status, name]),
    );
    expect(JSON.stringify(answers.map((answer) => answer.body))).not.toMatch(/select|pg|node_modules| at /i);
  });

  test('metrics tell requests, pool, cache and business by their contracted names', async () => {
    await call('GET', '/api/jobs/1');
    const text = await (await fetch(target.ready.metrics)).text();
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
    expect(names).toEqual(
      expect.arrayContaining([
        'process_cpu_seconds_total',
        'process_resident_memory_bytes',
        'nodejs_eventloop_lag_p99_seconds',
        'http_request_duration_seconds',
        'http_requests_in_flight',
        'nodejs_eventloop_utilization_ratio',
        'db_pool_connections',
        'db_pool_waiting',
        'db_pool_max',
        'db_pool_wait_seconds',
        'db_pool_timeouts_total',
        'cache_hits_total',
        'cache_misses_total',
        'cache_errors_total',
        'downstream_request_duration_seconds',
        'jobs_created_total',
        'bids_accepted_total',
        'payments_total',
      ]),
    );
    expect(text).toMatch(
      /^http_request_duration_seconds_count\{method="GET",route="\/api\/jobs\/:id",status="200"\} [1-9]/m,
    );
    expect(text).toMatch(/^http_requests_in_flight 1$/m);
    expect(text).toMatch(/^db_pool_connections\{state="active"\} 0$/m);
    expect(text).toMatch(/^db_pool_max 20$/m);
  });

  test('those who watch see the statements, and the service is no superuser', async () => {
    const client = new Client({ connectionString: target.ready.database });
    await client.connect();
    const statements = await client.query('SELECT count(*)::int AS count FROM pg_stat_statements WHERE query LIKE $1', [
      '%FROM jobs%',
    ]);
    const sessions = await client.query(
      `SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'marketplace'`,
    );
    await client.end();
    expect(statements.rows).toEqual([{ count: expect.any(Number) }]);
    expect(statements.rows[0]).not.toEqual({ count: 0 });
    expect(sessions.rows).toEqual([{ usename: 'marketplace' }]);
  });
});
