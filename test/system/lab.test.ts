import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { parse } from 'yaml';
import { callerOf, eventually, type Caller } from './target-caller.ts';
import { descendantsOf, startTarget, survivorsOf, type TargetProcess } from './target-process.ts';

const token = 'x'.repeat(40);

/** Of a plan what its three loads write. */
interface Benchmark {
  readonly scenarios: readonly { readonly steps: readonly BenchmarkStep[] }[];
}

interface BenchmarkStep {
  readonly get?: string;
  readonly post?: string;
  readonly json?: object;
  readonly query?: Record<string, string>;
  readonly expect: { readonly status: number };
}

describe('a service of the lab', () => {
  let target: TargetProcess;
  let call: Caller;
  const metric = async (name: string): Promise<number> => {
    // A connection that a supervisor hands to a process which is just dying is never answered.
    const text = await (await fetch(target.ready.metrics, { signal: AbortSignal.timeout(5000) })).text();
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  };

  beforeAll(async () => {
    target = await startTarget({ PLIMSOLL_LAB: token, LAB_HEAP_MB: '160' });
    call = callerOf(target.ready.url);
  });

  afterAll(() => void target.child.kill('SIGKILL'));

  test.each([
    ['POST', '/lab/faults/slow', undefined, 401],
    ['POST', '/lab/faults/slow', 'y'.repeat(40), 401],
    ['DELETE', '/lab/faults', undefined, 401],
    ['POST', '/lab/faults/nothing', token, 404],
  ])('%s %s with token %s is refused', async (method, path, given, status) => {
    const options = { ...(given !== undefined && { token: given }), ...(method === 'POST' && { body: {} }) };
    expect((await call(method, path, options)).status).toBe(status);
  });

  test('a parameter out of its bounds is refused, and nothing is on', async () => {
    expect((await call('POST', '/lab/faults/slow', { token, body: { delay: 61 } })).status).toBe(400);
    expect((await call('GET', '/lab/faults')).body).toMatchObject({ format: 'plimsoll.faults.v1', on: {} });
  });

  test('a leak stops at its bound, and is given back when it is switched off', async () => {
    await call('POST', '/lab/faults/memory-leak', { token, body: {} });
    const leaks = [];
    for (let i = 0; i < 4; i += 1) leaks.push((await call('GET', '/api/memory-leak?size_mb=100')).body);
    expect(leaks).toEqual([100, 200, 200, 200].map((retainedMb, i) => ({ retainedMb, atBound: i > 1 })));
    await call('DELETE', '/lab/faults', { token });
    expect((await call('POST', '/api/clear-memory')).body).toEqual({ freedMb: 0 });
  });

  test('twenty leaks of 50 MB end in a kill for want of memory; the service is started anew, and goes on leaking', async () => {
    await call('POST', '/lab/faults/out-of-memory', { token, body: { size_mb: 1 } });
    const leak = async (): Promise<number> =>
      fetch(new URL('/api/heap-leak?size_mb=50', target.ready.url))
        .then(({ status }) => status)
        .catch(() => 0);
    const statuses: number[] = [];
    while (statuses.at(-1) !== 0 && statuses.length < 20) statuses.push(await leak());
    expect([statuses[0], statuses.at(-1)]).toEqual([200, 0]);
    await eventually(async () => (await metric('process_restarts_total').catch(() => 0)) === 1);
    expect((await call('GET', '/lab/faults')).body['on']).toEqual({ 'out-of-memory': { size_mb: 1 } });
    await call('DELETE', '/lab/faults', { token });
    await eventually(async () => (await call('GET', '/health')).body['status'] === 'ok');
  });

  test('a cache that is cut off is missed, and comes back', async () => {
    const cached = async (): Promise<string | null> => (await call('GET', '/api/jobs/1')).headers.get('x-cache');
    await eventually(async () => (await cached()) === 'hit');
    const before = await metric('cache_errors_total');
    await call('POST', '/lab/faults/cache-outage', { token, body: { recompute_ms: 1 } });
    expect(await cached()).toBe('miss');
    expect(await metric('cache_errors_total')).toBeGreaterThan(before);
    await call('DELETE', '/lab/faults', { token });
    await eventually(async () => (await cached()) === 'hit');
  });

  test('a task is queued, processed and listed', async () => {
    const { status, body } = await call('POST', '/api/tasks', { body: { task_name: 'send', task_args: [1] } });
    expect([status, body['status']]).toEqual([201, 'queued']);
    await eventually(async () => (await call('GET', '/api/tasks?limit=1')).body['depth'] === 0);
  });

  test('the service says what it is; users, products and a cart are there', async () => {
    expect((await call('GET', '/')).body).toMatchObject({ service: 'marketplace', lab: true });
    expect((await call('GET', '/api/health')).body).toMatchObject({ status: 'ok' });
    expect((await call('GET', '/api/users')).body['users']).toHaveLength(10);
    expect((await call('GET', '/api/users/123')).body).toMatchObject({ id: 123, name: 'User 123' });
    expect((await call('GET', '/api/users/999999')).status).toBe(404);
    const user = { name: 'Ann', email: 'ann@example.test' };
    expect((await call('POST', '/api/users', { body: user })).status).toBe(201);
    const { body } = await call('GET', '/api/products?limit=1');
    const [product] = body['products'] as readonly { id: number; priceCents: number }[];
    const added = { product_id: product?.id, quantity: 3, cart_id: 'one' };
    expect((await call('POST', '/api/cart/add', { body: added })).body).toEqual({ cart_id: 'one', items: 1 });
    const bought = await call('POST', '/api/checkout', { body: { cart_id: 'one' } });
    expect(bought.body['totalCents']).toBe(3 * (product?.priceCents ?? 0));
    expect((await call('POST', '/api/checkout', { body: { cart_id: 'one' } })).status).toBe(404);
  });

  test.each(['health', 'users', 'tasks'])('it answers what plans/benchmark-%s.yaml asks for', async (name) => {
    const plan = parse(readFileSync(`plans/benchmark-${name}.yaml`, 'utf8')) as Benchmark;
    for (const { get, post, json, query, expect: wanted } of plan.scenarios.flatMap(({ steps }) => steps)) {
      const path = `${get ?? post}?${new URLSearchParams(query).toString()}`;
      const { status } = await call(
        post === undefined ? 'GET' : 'POST',
        path,
        json === undefined ? {} : { body: json },
      );
      expect(status).toBe(wanted.status);
    }
  });

  test('every reply names its node', async () => {
    const { headers, body } = await call('GET', '/api/health/worker');
    expect(body).toMatchObject({ status: 'ok', node: headers.get('x-node') });
  });

  test('the data is sound, and planted violations are found', async () => {
    expect((await call('GET', '/api/invariants')).body['holds']).toBe(true);
    const client = new Client({ connectionString: target.ready.database });
    await client.connect();
    // One unpaid account is paid out: money that was never paid in, and a job that is still assigned.
    await client.query(
      "UPDATE escrow_accounts SET status = 'released' WHERE id = (SELECT min(id) FROM escrow_accounts WHERE status = 'awaiting_payment')",
    );
    // One accepted bid loses its acceptance.
    await client.query(
      "UPDATE bids SET status = 'rejected' WHERE id = (SELECT max(bid_id) FROM escrow_accounts WHERE status = 'funded')",
    );
    await client.end();
    expect((await call('GET', '/api/invariants')).body).toEqual({
      holds: false,
      violations: {
        escrowIsPaidExactly: 1,
        acceptedBidHasEscrow: 0,
        escrowHasAcceptedBid: 1,
        oneBidATrade: 0,
        oneAcceptedBidAJob: 0,
        jobFitsEscrow: 1,
        disputeFitsEscrow: 0,
      },
    });
  });

  // How to find a process's descendants without a shell is known here for Linux only.
  (platform() === 'linux' ? test : test.skip)(
    'killed, it leaves neither a neighbour nor a throttle running',
    async () => {
      await call('POST', '/lab/faults/noisy-neighbour', { token, body: { programs: 1 } });
      await call('POST', '/lab/faults/cpu-limit', { token, body: { cores: 0.5 } });
      const pids = descendantsOf(target.child.pid ?? 0);
      target.child.kill('SIGKILL');
      await once(target.child, 'exit');
      expect(await survivorsOf(pids)).toEqual([]);
    },
  );
});

test.each([
  ['service', { PLIMSOLL_LAB: '1' }],
  ['service', { PLIMSOLL_LAB: token, HOST: '0.0.0.0' }],
  ['downstream', { PLIMSOLL_LAB: token, NODE_ENV: 'production' }],
])('the %s does not start outside the lab: %j', async (name, environment) => {
  const path = fileURLToPath(new URL(`../../target/${name}/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [path], { env: { PATH: process.env['PATH'], ...environment }, stdio: 'pipe' });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(said).toMatch(/^E-TARGET-LAB: /);
});
