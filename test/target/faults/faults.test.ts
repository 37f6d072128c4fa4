import { readFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { Registry } from 'prom-client';
import { createHoard } from '../../../target/faults/bench.ts';
import { catalogue } from '../../../target/faults/catalogue.ts';
import { labConfiguration } from '../../../target/faults/configuration.ts';
import { schemaOf } from '../../../target/faults/fault.ts';
import { faults } from '../../../target/faults/index.ts';
import { openRelay } from '../../../target/faults/relay.ts';
import { openWorkers } from '../../../target/faults/workers.ts';

const labels = readFileSync('lib/signals/signal.ts', 'utf8');

test('names are unique, and fit into a path', () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
  expect(faults.filter(({ name }) => !/^[a-z][a-z-]+$/.test(name))).toEqual([]);
  expect(faults.length).toBeGreaterThanOrEqual(27);
});

describe.each(catalogue().faults)('$name', ({ name, bottleneck, alsoRight, parameters }) => {
  test('has labels that a diagnosis can give', () => {
    expect([bottleneck, ...alsoRight].filter((id) => !labels.includes(`'${id}'`))).toEqual([]);
    expect(alsoRight).not.toContain(bottleneck);
  });

  test('does something, once or for as long as it lasts; the control does nothing', () => {
    const fault = faults.find((each) => each.name === name);
    const does = fault?.work !== undefined || fault?.begin !== undefined;
    expect(does).toBe(bottleneck !== 'none');
    expect(fault?.work === undefined).toBe(fault?.disturbs === undefined);
  });

  test('takes its defaults and its bounds, and nothing beyond', async () => {
    const app = Fastify();
    app.get('/', { schema: { querystring: schemaOf(parameters) } }, ({ query }) => query);
    const ask = async (query: Record<string, number>) => {
      const reply = await app.inject({ path: '/', query: query as Record<string, never> });
      return [reply.statusCode, reply.json<Record<string, number>>()] as const;
    };
    const defaults = Object.fromEntries(Object.entries(parameters).map(([key, each]) => [key, each.default]));
    expect(await ask({})).toEqual([200, defaults]);
    for (const [key, { minimum, maximum, default: value }] of Object.entries(parameters)) {
      expect(minimum <= value && value <= maximum).toBe(true);
      for (const bound of [minimum, maximum])
        expect(await ask({ [key]: bound })).toEqual([200, { ...defaults, [key]: bound }]);
      for (const beyond of [minimum - 1, maximum + 1]) expect((await ask({ [key]: beyond }))[0]).toBe(400);
    }
  });
});

/** What the failure-mode lab asks for, path by path. */
test.each([
  ['GET /api/cpu-intensive', { complexity: 30 }],
  ['GET /api/hash', { iterations: 10_000 }],
  ['GET /api/json-processing', { size: 1_000 }],
  ['GET /api/slow', { delay: 5 }],
  ['GET /api/random-delay', { most: 3 }],
  ['GET /api/blocking', { duration: 5 }],
  ['GET /api/parallel-io', { count: 5 }],
  ['GET /api/call-downstream', { timeout: 5 }],
  ['GET /api/cascade-failure', { failure_rate: 0.3 }],
  ['GET /api/no-timeout', {}],
  ['GET /api/memory-leak', { size_mb: 10 }],
  ['GET /api/memory-spike', { size_mb: 50 }],
  ['GET /api/db-pool-exhaust', { concurrent_queries: 10 }],
  ['GET /api/expensive-query', { iterations: 1_000 }],
])('%s has its defaults', (endpoint, defaults) => {
  const fault = faults.find((each) => each.endpoint === endpoint);
  expect(Object.fromEntries(Object.entries(fault?.parameters ?? {}).map(([key, each]) => [key, each.default]))).toEqual(
    defaults,
  );
});

describe('a configuration of the lab', () => {
  const before = { ...process.env };
  afterEach(() => void (process.env = { ...before }));
  const token = 'x'.repeat(32);

  test.each([
    ['a token that can be guessed', { PLIMSOLL_LAB: '1' }],
    ['none', {}],
    ['an address that others reach', { PLIMSOLL_LAB: token, HOST: '0.0.0.0' }],
    ['a name that begins as loopback does', { PLIMSOLL_LAB: token, HOST: '127.0.0.1.example.com' }],
    ['production', { PLIMSOLL_LAB: token, NODE_ENV: 'production' }],
  ])('is refused with %s', (_, environment) => {
    process.env = { ...environment };
    expect(labConfiguration).toThrow('E-TARGET-LAB');
  });

  test('is taken on loopback with a token', () => {
    process.env = { PLIMSOLL_LAB: token };
    expect(labConfiguration()).toEqual({ token, memoryBoundMb: 256, memoryLimitMb: 400 });
  });
});

test('memory is held up to the bound, and free afterwards', () => {
  const hoard = createHoard(5);
  expect([hoard.take(3), hoard.take(3), hoard.take(2), hoard.heldMb]).toEqual([true, false, true, 5]);
  hoard.clear();
  expect(hoard.heldMb).toBe(0);
});

test('eight workers carry requests in the order in which they came, and a failure frees its worker', async () => {
  const registry = new Registry();
  const workers = openWorkers(registry);
  const begun: number[] = [];
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const runs = Array.from({ length: 20 }, (_, i) =>
    workers
      .run(async () => {
        begun.push(i);
        await over;
        if (i === 3) throw new Error('fails');
      })
      .catch(() => 'failed'),
  );
  await Promise.resolve();
  const figures = async () =>
    Promise.all(
      ['busy', 'queued'].map(
        async (name) => (await registry.getSingleMetric(`request_workers_${name}`)?.get())?.values[0]?.value,
      ),
    );
  expect([begun.length, ...(await figures())]).toEqual([8, 8, 12]);
  end();
  expect((await Promise.all(runs)).filter((each) => each === 'failed')).toHaveLength(1);
  expect(begun).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(await figures()).toEqual([0, 0]);
});

test('a relay passes bytes, refuses while it is cut, and passes them again', async () => {
  const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const relay = await openRelay(`redis://127.0.0.1:${(echo.address() as AddressInfo).port}`);
  const say = async (): Promise<string> => {
    const socket = connect(relay.port, '127.0.0.1').setEncoding('utf8');
    socket.write('hello');
    const heard = once(socket, 'data').then(([text]) => String(text));
    return Promise.race([heard, once(socket, 'close').then(() => 'closed')])
      .catch((error: NodeJS.ErrnoException) => error.code ?? '')
      .finally(() => socket.destroy());
  };
  expect(await say()).toBe('hello');
  const open = connect(relay.port, '127.0.0.1').on('error', () => undefined);
  await once(open, 'connect');
  const closed = once(open, 'close');
  await relay.cut();
  await closed;
  expect(await say()).toBe('ECONNREFUSED');
  await relay.mend();
  await relay.mend();
  expect(await say()).toBe('hello');
  await relay.close();
  echo.close();
});
