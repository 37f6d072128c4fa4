import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeInterval, parseInterval, type IntervalWire } from '../../lib/measure/codec.ts';
import { allSteps, merge, type Interval } from '../../lib/measure/interval.ts';
import { openEntries } from '../../lib/measure/ledger.ts';
import { planFromObject } from '../../lib/plan/parse.ts';
import type { Plan } from '../../lib/plan/plan.ts';

const MAIN = fileURLToPath(new URL('../../loadgen/main.ts', import.meta.url));
const door = { readText: () => Promise.reject(new Error('no files')), signalIds: [], env: {} };

let server: Server;
let target = '';
let seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, reply) => {
    seen.push(request.url ?? '');
    reply.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const planWith = async (phase: object): Promise<Plan> =>
  planFromObject(
    { name: 'workers', scenarios: [{ name: 'one', steps: [{ get: '/{{ $user }}', name: 'one' }] }], phases: [phase] },
    door,
  );

interface Share {
  readonly index: number;
  readonly of: number;
}

/** One worker in a process of its own, which has `leadMs` to come up before its phase begins. */
async function runProcess(
  plan: Plan,
  { index, of }: Share,
  leadMs: number,
  kill?: NodeJS.Signals,
): Promise<IntervalWire[]> {
  const child = spawn(process.execPath, [MAIN], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ plan, phase: 0, target, share: { index, of }, startAtMs: Date.now() + leadMs }));
  if (kill !== undefined) {
    const heard = once(child.stdout, 'data');
    await heard.then(([first]) => {
      child.stdout.unshift(first);
      return child.kill(kill);
    });
  }
  const lines = await text(child.stdout);
  return lines
    .trim()
    .split('\n')
    .map((line) => parseInterval(JSON.parse(line)));
}

/** Two halves and the whole. A process that came up behind its phase has dropped its share: then again, with more lead. */
async function runShares(plan: Plan): Promise<readonly [ours: Interval, alone: Interval]> {
  for (let leadMs = 3000; ; leadMs *= 3) {
    seen = [];
    const [one, two, whole] = await Promise.all([
      runProcess(plan, { index: 0, of: 2 }, leadMs),
      runProcess(plan, { index: 1, of: 2 }, leadMs),
      runProcess(plan, { index: 0, of: 1 }, leadMs),
    ]);
    const [ours, alone] = [merge([...one, ...two].map(decodeInterval)), merge(whole.map(decodeInterval))];
    if (leadMs > 10_000 || ours.arrivals.dropped + alone.arrivals.dropped === 0) return [ours, alone];
  }
}

describe('workers in processes of their own', () => {
  test('each runs its exact share, and together they are the plan', async () => {
    const plan = await planWith({
      name: 'p',
      kind: 'sustained',
      duration: '1s',
      open: { rate: 101, arrivals: 'poisson' },
    });
    const [ours, alone] = await runShares(plan);
    expect(openEntries(ours.arrivals, allSteps(ours).ledger)).toEqual([]);
    expect(ours.arrivals.due).toBe(alone.arrivals.due);
    expect(seen.length).toBe(allSteps(ours).ledger.sent + allSteps(alone).ledger.sent);
    // Arrival n is user n, so every user came twice: once by the two, once by the one that had it all.
    expect(seen.toSorted()).toEqual(
      Array.from({ length: alone.arrivals.due }, (_, n) => [`/${n}`, `/${n}`])
        .flat()
        .toSorted(),
    );
  });

  test('SIGTERM ends the load in order: what was seen is told, and the ledger closes', async () => {
    const plan = await planWith({ name: 'p', kind: 'sustained', duration: '1h', closed: { users: 3 } });
    const told = merge((await runProcess(plan, { index: 0, of: 1 }, 3000, 'SIGTERM')).map(decodeInterval));
    expect(told.arrivals.completed).toBeGreaterThan(0);
    expect(openEntries(told.arrivals, allSteps(told).ledger)).toEqual([]);
  });
});
