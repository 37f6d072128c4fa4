import { appendFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../lib/errors.ts';
import type { Report } from '../../lib/report/report.ts';
import { CommandLine, Workplace, type Ended } from './command-line.ts';

/** What no file of the run may hold. */
const SECRET = 'sesame-4711-open';
const SESSION = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl';

/** From this order on the service is ill for good: it refuses, fails its health check, and has lost an order. */
const LAST_ORDER = 60;

const PLAN = (url: string): string => `
name: watched
target: ${url}
headers: { authorization: "Bearer {{ $env(WATCHED_SECRET) }}" }
signals: { health: /health, logs: service.log }
objectives: [errors < 1%]
scenarios:
  - name: buyer
    steps: [{ post: /orders, name: order, json: { item: 7 } }]
phases:
  - { name: calm, kind: sustained, duration: 1500ms, open: { rate: 20 } }
  - { name: climb, kind: stress, duration: 1500ms, open: { rate: 60 } }
  - { name: after, kind: recovery, duration: 4s, open: { rate: 20 } }
checks:
  - { get: /invariants, name: no order is lost, expect: { body: { json: { $.holds: true } } } }
  - { get: /version, name: still there, expect: { status: 200 } }
`;

let workplace: Workplace;
let server: Server;
let ended: Ended;
let report: Report;
let orders = 0;
const asked: string[] = [];

const read = (name: string): Promise<string> => readFile(join(workplace.path, 'out', name), 'utf8');

function answer(path: string, authorization: string): [status: number, body: string] {
  const ill = orders > LAST_ORDER;
  if (path === '/health') return [ill ? 503 : 200, ''];
  if (path === '/invariants') return [200, JSON.stringify({ holds: !ill })];
  if (path !== '/orders') return [200, '{}'];
  orders += 1;
  if (!ill) return [201, JSON.stringify({ id: orders })];
  appendFileSync(join(workplace.path, 'service.log'), `{"level":50,"msg":"no stock for order ${orders}"}\n`);
  appendFileSync(join(workplace.path, 'service.log'), `{"level":30,"msg":"error pages served: ${orders}"}\n`);
  // A careless service: it says whom it refused, and with which key.
  const body = { error: `no stock for order ${orders}`, asked: authorization, session: SESSION, apiKey: SECRET };
  return [503, JSON.stringify(body)];
}

beforeAll(async () => {
  workplace = await Workplace.make();
  server = createServer((request, reply) => {
    asked.push(request.url ?? '');
    const [status, body] = answer(request.url ?? '', request.headers.authorization ?? '');
    request.resume().once('end', () => reply.writeHead(status, { 'content-type': 'application/json' }).end(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await writeFile(join(workplace.path, 'service.log'), '{"level":50,"msg":"an old error, of last week"}\n');
  const path = await workplace.write('plan.yaml', PLAN(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  const env = { WATCHED_SECRET: SECRET };
  ended = await new CommandLine(['run', path, '--out', join(workplace.path, 'out')], { env }).ended;
  report = JSON.parse(await read('report.json')) as Report;
}, 60_000);

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await workplace[Symbol.asyncDispose]();
});

describe('a run in which the service falls ill for good', () => {
  test('fails, and is no-go for production, with every blocker that was seen', () => {
    expect(ended.code).toBe(exitCodes.objectivesFailed);
    const { readiness } = report.summary;
    const failed = readiness?.blockers.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
    expect(readiness?.verdict).toBe('no-go');
    expect(failed).toEqual(expect.arrayContaining(['data', 'recovery', 'health']));
    expect(ended.out.replaceAll(/\s+/g, ' ')).toContain('No-go: ');
  });

  test('asks the data once all load is over, each check whatever came of the others', () => {
    expect(report.summary.integrity).toEqual({
      verdict: 'fail',
      checks: [
        { name: 'no order is lost', verdict: 'fail', failure: 'expect.body' },
        { name: 'still there', verdict: 'pass' },
      ],
    });
    expect(asked.filter((path) => path !== '/health').slice(-2)).toEqual(['/invariants', '/version']);
  });

  test('watches the health check all along, by a series that it names', () => {
    const { health } = report.summary;
    expect(health).toMatchObject({ verdict: 'fail', signal: 'service.unhealthy' });
    const points = report.signals.find(({ id }) => id === health?.signal)?.points ?? [];
    expect(points.some(([at, value]) => at === health?.worst?.fromSeconds && value > 0)).toBe(true);
    expect(points[0]?.[1]).toBe(0);
  });

  test('did not recover', () => {
    expect(report.summary.recovery).toEqual({ seconds: null, withinObjectivesSeconds: null, verdict: 'fail' });
  });

  test('shows one example of the failures that differ by a number alone, without a secret', async () => {
    const after = report.summary.phases.find(({ name }) => name === 'after');
    const cases = after?.scenarios.flatMap(({ steps }) => steps.flatMap((step) => step.cases ?? [])) ?? [];
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ kind: 'status.503', status: 503 });
    expect(cases[0]?.text).toMatch(/"no stock for order \d+"/);
    expect(await read('report.md')).toContain('Examples of failures');
    expect(await read('report.html')).toContain('no stock for order');
  });

  test('shows what the service logged of trouble during it, once, and nothing from before', () => {
    const failed = report.summary.phases.reduce((sum, { ledger }) => sum + ledger.failed, 0);
    expect(report.logs).toEqual([{ text: expect.stringMatching(/no stock for order \d+/), count: failed }]);
  });

  test('leaves no secret in any file', async () => {
    const names = await readdir(join(workplace.path, 'out'), { recursive: true, withFileTypes: true });
    const files = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    const texts = await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
    expect(files.length).toBeGreaterThan(8);
    expect(texts.filter(({ text }) => text.includes(SECRET) || text.includes(SESSION)).map(({ file }) => file)).toEqual(
      [],
    );
  });
});
