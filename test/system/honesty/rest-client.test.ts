import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setUp } from '../../../bin/local/once.ts';
import { addInterval, allSteps, emptyInterval } from '../../../lib/measure/interval.ts';
import { openEntries } from '../../../lib/measure/ledger.ts';
import { parsePlan } from '../../../lib/plan/parse.ts';
import { runPhase } from '../../../loadgen/engine/phase.ts';
import { Http1Sender } from '../../../loadgen/senders/http1/sender.ts';
import { NodeTimer } from '../../loadgen/engine/node-timer.ts';
import { NAMES, PASSWORD, PHOTO, RestServer } from './rest-server.ts';

/** Of each 8.17 requests: a list, 2 / 3 for a token that has expired, 1.5 further pages, 5 for a file; and one login. */
const USERS = 1250;

const PLAN = `name: REST client
timeout: 1m
variables: { token: none }
feeders: { users: { file: users.csv } }
setup:
  - post: /login
    json: { user: ada, password: ${JSON.stringify(PASSWORD)} }
    capture: { token: $.token, refresh: $.refresh }
scenarios:
  - name: client
    steps:
      - get: /jobs
        query: { limit: 2, q: "C# & {{ users.name }}" }
        headers: { authorization: "Bearer {{ token }}", x-user: "{{ $user }}" }
        expect: { status: [200, 401] }
        capture: { code: status, next: { json: $.next, default: null }, id: { json: "$.items[1].id", default: null } }
      - if: code == 401
        steps:
          - { post: /refresh, headers: { x-user: "{{ $user }}" }, json: { refresh: "{{ refresh }}" }, capture: { token: $.token } }
          - get: /jobs
            query: { limit: 2, q: "C# & {{ users.name }}" }
            headers: { authorization: "Bearer {{ token }}", x-user: "{{ $user }}" }
            capture: { next: $.next, id: "$.items[1].id" }
      - while: next
        atMost: 10
        steps:
          - get: "{{ next }}"
            headers: { authorization: "Bearer {{ token }}", x-user: "{{ $user }}" }
            capture: { next: $.next, id: "$.items[1].id" }
      - post: /files
        headers: { authorization: "Bearer {{ token }}", x-user: "{{ $user }}" }
        multipart: { job: "{{ id }}", photo: { file: photo.png, type: image/png, filename: "{{ users.name }}.png" } }
        expect: { status: 201 }
        capture: { location: { header: location } }
      - put: "{{ location }}"
        headers: { authorization: "Bearer {{ token }}", x-user: "{{ $user }}", content-type: application/octet-stream }
        body: { file: photo.png }
      - get: "{{ location }}"
        headers: { authorization: "Bearer {{ token }}", x-user: "{{ $user }}" }
        expect: { body: { json: { $.id: { exists: true } } } }
        capture: { id: $.id }
      - { delete: "/files/{{ id }}", headers: { authorization: "Bearer {{ token }}", x-user: "{{ $user }}" } }
      - get: "{{ location }}"
        headers: { authorization: "Bearer {{ token }}", x-user: "{{ $user }}" }
        expect: { status: 404 }
phases:
  - { name: p, kind: sustained, open: { patience: 1m, stages: [{ duration: 2s, hold: ${USERS / 2} }, { duration: 10m, hold: 0 }] } }
`;

const FILES: Readonly<Record<string, Uint8Array>> = {
  '/users.csv': Buffer.from(`name\n${NAMES.map((name) => `"${name.replaceAll('"', '""')}"\n`).join('')}`),
  '/photo.png': PHOTO,
};

const server = new RestServer();
let target = '';
beforeAll(async () => void (target = await server.listen()));
afterAll(() => server.close());

test('of 10,000 requests of a client with login, tokens, pages, uploads and deletions not one is wrong by a byte', async () => {
  const readBytes = (path: string): Promise<Uint8Array> => Promise.resolve(FILES[path] ?? Buffer.of());
  const written = await parsePlan({ text: PLAN, path: '/plan.yaml' }, { readBytes, signalIds: [], env: {} });
  const where = { target: new URL(target), allowed: { hosts: [], production: [] } };
  const { plan } = await setUp(written, where, new AbortController().signal);
  const total = emptyInterval();
  const done = new AbortController();
  const sender = new Http1Sender(plan);
  await runPhase(
    { plan, phase: plan.phases[0]!, number: 0, target, share: { index: 0, of: 1 }, startAtMs: Date.now() },
    {
      sender,
      timer: new NodeTimer(),
      signal: done.signal,
      onInterval: (_, interval) => {
        addInterval(total, interval);
        const { completed, abandoned, dropped } = total.arrivals;
        if (completed + abandoned + dropped === USERS) done.abort();
      },
    },
  );
  sender.close();
  const { ledger } = allSteps(total);
  expect(server.wrong.slice(0, 3)).toEqual([]);
  expect(ledger).toMatchObject({ failed: 0, timedOut: 0, cut: 0, failures: {} });
  expect(total.arrivals).toMatchObject({ due: USERS, dropped: 0, completed: USERS });
  expect(openEntries(total.arrivals, ledger)).toEqual([]);
  expect(server.read).toBe(ledger.sent + 1);
  expect(server.read).toBeGreaterThanOrEqual(10_000);
  expect([server.users, server.unfinished]).toEqual([USERS + 1, 0]);
}, 120_000);
