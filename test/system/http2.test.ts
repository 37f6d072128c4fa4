import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { allSteps, emptyInterval } from '../../lib/measure/interval.ts';
import { addWire } from '../../lib/measure/codec.ts';
import { openEntries } from '../../lib/measure/ledger.ts';
import { lowerPlan } from '../../lib/plan/lower.ts';
import { Generator } from '../../loadgen/thread/generator.ts';
import { selfSigned } from './honesty/certificates.ts';

let server: Http2SecureServer;
const generator = new Generator();
const versions: string[] = [];

beforeAll(async () => {
  const { key, cert } = selfSigned({ host: 'localhost', fromDays: -1, untilDays: 1 });
  server = createSecureServer({ key, cert, allowHTTP1: true }, (request, reply) => {
    versions.push(request.httpVersion);
    reply.end('ok');
  }).listen(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), generator.ready()]);
});

afterAll(async () => {
  await generator.close();
  server.close();
});

test.each([
  [true, '2.0'],
  [false, '1.1'],
])("with http2: %s requests are HTTP/%s, and the ledger is the server's", async (http2, version) => {
  versions.length = 0;
  const plan = lowerPlan(
    {
      name: 'newer',
      http2,
      tls: { insecure: true },
      scenarios: [{ name: 'all', steps: [{ get: '/' }, { pause: '5ms' }] }],
      phases: [{ name: 'one', kind: 'sustained', duration: '900ms', closed: { users: 3 } }],
    },
    { feeders: [] },
  );
  const total = emptyInterval();
  const { port } = server.address() as AddressInfo;
  const order = {
    plan,
    phase: plan.phases[0]!,
    number: 0,
    target: `https://127.0.0.1:${port}`,
    startAtMs: Date.now() + 20,
  };
  await generator.run(order, new AbortController().signal, (wire) => addWire(total, wire));
  const { ledger } = allSteps(total);
  expect(openEntries(total.arrivals, ledger)).toEqual([]);
  expect(ledger).toEqual({ sent: versions.length, ok: versions.length, failed: 0, timedOut: 0, cut: 0, failures: {} });
  expect(versions.length).toBeGreaterThan(0);
  expect(new Set(versions)).toEqual(new Set([version]));
});
