import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exitCodes } from '../../lib/errors.ts';
import { CommandLine, Workplace } from './command-line.ts';
import { DocumentServer, PHOTO } from './document-server.ts';

let workplace: Workplace;
let server: DocumentServer;

beforeAll(async () => {
  [workplace, server] = [await Workplace.make(), await DocumentServer.listen()];
  await writeFile(`${workplace.path}/photo.png`, PHOTO);
});
afterAll(async () => {
  server.close();
  await workplace[Symbol.asyncDispose]();
});

const LOGIN =
  '{ post: /login, headers: { x-journey: once }, json: { user: ann, password: s3cret }, capture: { token: $.token } }';

const SECONDS = 2.5;

const planOf = (setup: string, teardown: string): string => `
name: documents
target: ${server.url}
headers: { authorization: "Bearer {{ token }}" }
setup: [${setup}]
teardown: [${teardown}]
scenarios:
  - name: editor
    steps:
      - { get: /me, headers: &journey { x-journey: "{{ $user }}-{{ $iteration }}" }, expect: { status: [200, 401] }, capture: { code: status } }
      - if: code == 401
        steps:
          - { post: /login, headers: *journey, json: { user: ann, password: s3cret }, capture: { token: $.token } }
      - { get: /documents, headers: *journey, query: { limit: 2 }, capture: { next: $.next } }
      - while: next
        atMost: 10
        steps:
          - { get: "{{ next }}", name: page, headers: *journey, capture: { next: $.next } }
      - post: /documents
        headers: *journey
        multipart: { title: of, photo: { file: photo.png, type: image/png } }
        capture: { ids: $.ids }
      - { loop: { over: ids, as: id, steps: [{ delete: "/documents/{{ id }}", name: delete, headers: *journey }] } }
phases:
  - { name: users, kind: sustained, duration: 1s, closed: { users: 4 }, objectives: [errors < 1%] }
  - { name: asked, kind: sustained, duration: ${SECONDS}s, open: { requests: 800 }, objectives: [errors < 1%] }
`;

async function run(name: string, plan: string) {
  await writeFile(`${workplace.path}/${name}.yaml`, plan);
  return await new CommandLine([
    'run',
    `${workplace.path}/${name}.yaml`,
    '--out',
    `${workplace.path}/${name}`,
    '--json',
  ]).ended;
}

test('one token for all, renewed on 401, pages, an upload and deletions: no wrong request in all of a run', async () => {
  await run('all', planOf(LOGIN, '{ post: /logout, headers: { x-journey: once } }'));
  const summary = await workplace.summary('all');
  expect(server.wrong).toEqual([]);
  // Some 2,500 where nothing else is to be done; fewer where the phase ends first.
  expect(server.requests).toBeGreaterThan(500);
  const ledgers = summary.phases.map(({ ledger }) => ledger);
  const [sent, ok] = [
    ledgers.reduce((sum, each) => sum + each.sent, 0),
    ledgers.reduce((sum, each) => sum + each.ok, 0),
  ];
  // Setup and teardown stand apart.
  expect({ sent: sent + 2, ok }).toEqual({ sent: server.requests, ok: sent });
  const one = { sent: 1, ok: 1, failed: 0, timedOut: 0, cut: 0, failures: {} };
  expect(summary.setup).toMatchObject({ steps: { 'POST /login': one } });
  expect(summary.teardown).toMatchObject({ steps: { 'POST /logout': one } });
});

test('a setup that fails ends the run, and says at which step', async () => {
  const before = server.requests;
  const { code, err } = await run('refused', planOf(LOGIN.replace('s3cret', 'guess'), LOGIN));
  expect(code).toBe(exitCodes.targetUnreachable);
  expect(err).toContain('E-SETUP');
  expect(err).toContain('The setup failed: step "POST /login" ended as status.418');
  expect(server.requests).toBe(before + 1);
  expect(err).not.toContain('may still be there');
  server.wrong.length = 0;
});

test('a setup that fails half-way says what it may have left behind', async () => {
  const first = '{ get: /me, headers: { x-journey: half }, expect: { status: 418 } }';
  const second = LOGIN.replace('once', 'half').replace('s3cret', 'guess');
  const { err } = await run('half', planOf(`${first}, ${second}`, LOGIN));
  expect(err).toContain(
    '"POST /login" ended as status.418; no teardown follows, and what was made before may still be there',
  );
  server.wrong.length = 0;
});
