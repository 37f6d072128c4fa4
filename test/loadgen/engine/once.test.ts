import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setUp, tearDown } from '../../../bin/local/once.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { runPhase } from '../../../loadgen/engine/phase.ts';
import { Http1Sender } from '../../../loadgen/senders/http1/sender.ts';
import { NodeTimer } from './node-timer.ts';

let server: Server;
let target = '';
let seen: string[] = [];

beforeAll(async () => {
  server = createServer(({ url = '' }, reply) => {
    seen.push(url);
    reply.end(
      JSON.stringify({
        path: '/api/home',
        near: 'inner/page',
        items: ['/api/1', '?page=2'],
        own: '/api/own',
        like: { pick: ['/a'] },
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function pathsOf(part: Pick<PlanInput, 'setup' | 'scenarios' | 'teardown' | 'variables'>): Promise<string[]> {
  const phases: PlanInput['phases'] = [
    {
      name: 'p',
      kind: 'sustained',
      open: {
        stages: [
          { duration: '1ms', hold: 1000 },
          { duration: '400ms', hold: 0 },
        ],
      },
    },
  ];
  const where = { target: new URL(target), allowed: { hosts: [], production: [] } };
  const setUpPlan = await setUp(
    lowerPlan({ name: 'x', phases, ...part }, { feeders: [] }),
    where,
    new AbortController().signal,
  );
  const { plan } = setUpPlan;
  const sender = new Http1Sender(plan);
  seen = [];
  const assignment = {
    plan,
    phase: plan.phases[0]!,
    number: 0,
    target,
    share: { index: 0, of: 1 },
    startAtMs: Date.now(),
  };
  await runPhase(assignment, {
    sender,
    timer: new NodeTimer(),
    signal: new AbortController().signal,
    onInterval: () => undefined,
  });
  sender.close();
  await tearDown(setUpPlan, where);
  return seen;
}

const LOGIN = { post: '/folder/login', capture: { path: '$.path', near: '$.near', items: '$.items' } };

test.each<readonly [string, PlanInput['scenarios'][number]['steps'], readonly string[]]>([
  ['a path', [{ get: '{{ path }}' }], ['/api/home']],
  ['a reference to its page', [{ get: '{{ near }}' }], ['/api/folder/inner/page']],
  [
    'a list of them',
    [{ loop: { over: 'items', as: 'item', steps: [{ get: '{{ item }}' }] } }],
    ['/api/1', '/api/folder/login?page=2'],
  ],
  [
    'one that the journey captures anew',
    [{ get: '/other/', capture: { near: '$.near' } }, { get: '{{ near }}' }],
    ['/api/other/', '/api/other/inner/page'],
  ],
])('%s that the setup captured leads where it stood', async (_, steps, paths) => {
  expect(await pathsOf({ setup: [LOGIN], scenarios: [{ name: 'a', steps }] })).toEqual(paths);
});

test('the teardown reads it too, and a list of the plan is a list', async () => {
  const teardown = [
    { delete: '{{ path }}' },
    { loop: { over: 'items', as: 'item', steps: [{ delete: '{{ item }}' }] } },
  ];
  const paths = await pathsOf({ setup: [LOGIN], scenarios: [{ name: 'a', steps: [{ get: '/' }] }], teardown });
  expect(paths).toEqual(['/api/', '/api/home', '/api/1', '/api/folder/login?page=2']);
});

test('what looks like a choice is none where a reply gave it', async () => {
  const setup = [{ post: '/login', capture: { like: '$.like' } }];
  const variables = { more: { pick: ['/b'], name: 'x' }, either: { pick: ['/c'] } };
  const steps = [{ get: '{{ like.pick[0] }}' }, { get: '{{ more.pick[0] }}' }, { get: '{{ either }}' }];
  expect(await pathsOf({ setup, variables, scenarios: [{ name: 'a', steps }] })).toEqual(['/a', '/api/b', '/api/c']);
});

test('what a setup fails on is named', async () => {
  const setup = [{ post: '/login', json: { id: '{{ ids.admin }}' } }];
  const variables = { ids: { user: 1 } };
  const input = { name: 'x', variables, setup, scenarios: [], phases: [] };
  const where = { target: new URL(target), allowed: { hosts: [], production: [] } };
  await expect(setUp(lowerPlan(input, { feeders: [] }), where, new AbortController().signal)).rejects.toMatchObject({
    code: 'E-SETUP',
    message: 'The setup failed: step "POST /login" ended as request ({{ ids.admin }} has no value)',
  });
});
