import { describe, expect, test } from '@jest/globals';
import { compressPlan, phaseSeed, planSteps } from '../../../lib/plan/plan.ts';
import { profiles } from '../../../lib/plan/profiles.ts';
import { parseText, planOf } from './sources.ts';

const stepOf = async (step: string) =>
  (await parseText(planOf({ step: `${step}\n  - { get: /last }` }))).scenarios[0]?.steps[0];
const phaseOf = async (phase: string, top = 'seed: 1') => (await parseText(planOf({ phase, top }))).phases[0];

const nothing = { headers: {}, query: {}, captures: [], expect: { statuses: [], headers: {}, json: {} } };

describe('lowers steps', () => {
  test.each([
    ['{ get: /a }', { kind: 'http', name: 'GET /a', method: 'get', path: '/a', ...nothing }],
    ['{ delete: /a, name: b }', { kind: 'http', name: 'b', method: 'delete', path: '/a', ...nothing }],
    [
      '{ post: /a, json: { n: 1 }, timeout: 2s, query: { q: 1 }, headers: { h: true } }',
      {
        kind: 'http',
        name: 'POST /a',
        method: 'post',
        path: '/a',
        ...nothing,
        body: { json: '{"n":1}' },
        timeoutUs: 2e6,
        query: { q: 1 },
        headers: { h: true },
      },
    ],
    [
      '{ post: /a, json: null }',
      { kind: 'http', name: 'POST /a', method: 'post', path: '/a', ...nothing, body: { json: 'null' } },
    ],
    [
      '{ put: /a, form: { n: 1 } }',
      { kind: 'http', name: 'PUT /a', method: 'put', path: '/a', ...nothing, body: { form: { n: 1 } } },
    ],
    [
      '{ patch: /a, body: "" }',
      { kind: 'http', name: 'PATCH /a', method: 'patch', path: '/a', ...nothing, body: { raw: '' } },
    ],
    ['{ pause: 2s }', { kind: 'pause', minUs: 2e6, spanUs: 0, meanUs: 0 }],
    ['{ pause: { min: 1s, max: 3s } }', { kind: 'pause', minUs: 1e6, spanUs: 2e6, meanUs: 0 }], // 3 − 1 s
    ['{ pause: { mean: 500ms } }', { kind: 'pause', minUs: 0, spanUs: 0, meanUs: 5e5 }],
    [
      '{ loop: { times: 2, steps: [{ pause: 1s }] } }',
      { kind: 'loop', turns: { times: 2 }, steps: [{ kind: 'pause', minUs: 1e6, spanUs: 0, meanUs: 0 }] },
    ],
    [
      '{ choose: [{ weight: 3, steps: [] }, { steps: [] }] }',
      {
        kind: 'choose',
        choices: [
          { weight: 3, steps: [] },
          { weight: 1, steps: [] },
        ],
      },
    ],
  ])('%s', async (step, lowered) => {
    expect(await stepOf(step)).toEqual(lowered);
  });

  test('with captures of every kind', async () => {
    const captures =
      '{ a: $.a, b: { json: $.b }, c: { header: X-Id }, d: { regex: "(.)" }, e: { regex: ".", group: 0 } }';
    expect(await stepOf(`{ get: /, capture: ${captures} }`)).toMatchObject({
      captures: [
        { as: 'a', from: 'json', path: '$.a' },
        { as: 'b', from: 'json', path: '$.b' },
        { as: 'c', from: 'header', header: 'x-id' },
        { as: 'd', from: 'regex', regex: '(.)', group: 1 },
        { as: 'e', from: 'regex', regex: '.', group: 0 },
      ],
    });
  });

  test.each([
    ['{ status: 201 }', { statuses: [201] }],
    ['{ status: [200, 404] }', { statuses: [200, 404] }],
    ['{ status: [201, 4xx] }', { statuses: [201, ...Array.from({ length: 100 }, (_, i) => 400 + i)] }],
    ['{ status: 2xx }', { statuses: Array.from({ length: 100 }, (_, i) => 200 + i) }],
    ['{ body: text }', { contains: 'text' }],
    ['{ body: { contains: text } }', { contains: 'text' }],
    ['{ body: { regex: "^a" } }', { regex: '^a' }],
    ['{ body: { json: { $.ok: true } } }', { json: { '$.ok': 'true' } }],
    ['{ header: { X-A: 1 }, time: 1s }', { headers: { 'X-A': 1 }, timeUs: 1e6 }],
  ])('with the expectation %s', async (expectation, lowered) => {
    const step = await stepOf(`{ get: /, expect: ${expectation} }`);
    expect(step).toMatchObject({ expect: { statuses: [], headers: {}, json: {}, ...lowered } });
  });
});

describe('lowers phases', () => {
  test('of an open model', async () => {
    expect(await phaseOf('{ name: p, kind: stress, duration: 2s, open: { rate: 3 } }')).toEqual({
      name: 'p',
      kind: 'stress',
      model: 'open',
      durationUs: 2e6,
      segments: [{ durationUs: 2e6, from: 3, to: 3 }],
      process: 'uniform',
      patienceUs: 5e6,
      objectives: [{ text: 'errors < 1%', metric: { of: 'errors' }, target: { op: '<', value: 0.01 } }],
      stopOnFail: false,
    });
  });

  test('of a closed model, as long as its stages', async () => {
    const stages = '[{ duration: 1s, to: 10 }, { duration: 3s, hold: 10 }]';
    expect(await phaseOf(`{ name: p, kind: stress, stopOnFail: true, closed: { stages: ${stages} } }`)).toMatchObject({
      model: 'closed',
      durationUs: 4e6, // 1 + 3 s
      stopOnFail: true,
    });
  });

  test('with patience and process', async () => {
    const open = '{ rate: 1, arrivals: poisson, patience: 100ms }';
    expect(await phaseOf(`{ name: p, kind: stress, duration: 1s, open: ${open} }`)).toMatchObject({
      process: 'poisson',
      patienceUs: 1e5,
    });
  });

  test("with the profile's objectives and the plan's, unless it has its own", async () => {
    const phase = '{ name: p, kind: stress, duration: 1s, open: { rate: 1 } }';
    const own = "{ name: q, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['mean < 1s'] }";
    const plan = await parseText(
      planOf({ top: 'profile: simple\nobjectives: [max < 9s]', phase: `${phase}\n- ${own}` }),
    );
    expect(plan.phases.map(({ objectives }) => objectives.map(({ text }) => text))).toEqual([
      [...profiles.simple, 'max < 9s'],
      ['mean < 1s'],
    ]);
  });
});

test('lowers the rest, with its defaults', async () => {
  expect(await parseText(planOf({ top: 'timeout: 3s' }))).toMatchObject({
    name: 'x',
    description: '',
    timeoutUs: 3e6,
    seed: 1,
    headers: {},
    variables: {},
    feeders: [],
    tls: { insecure: false },
    signals: {},
    scenarios: [{ name: 'a', weight: 1, onStart: [] }],
  });
});

test('is plain JSON, so that workers can have it', async () => {
  const plan = await parseText(planOf({ top: 'target: built-in\nprofile: lab' }));
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test('compressing keeps levels', async () => {
  const plan = await parseText(
    planOf({ phase: '{ name: p, kind: stress, duration: 60s, open: { ramp: { from: 1, to: 9 } } }' }),
  );
  expect(compressPlan(plan, 60).phases[0]).toMatchObject({
    durationUs: 1e6,
    segments: [{ durationUs: 1e6, from: 1, to: 9 }],
  });
});

test('numbers the requests of all scenarios, loops and choices, onStart first', async () => {
  const step = `{ loop: { times: 2, steps: [{ get: /1 }, { choose: [{ steps: [{ get: /2 }] }, { steps: [{ get: /3 }] }] }] } }
  onStart: [{ get: /0 }]
- { name: b, steps: [{ get: /4 }] }`;
  const steps = planSteps(await parseText(planOf({ step })));
  expect(steps.map(({ scenario, step: { path } }) => scenario + path)).toEqual(['a/0', 'a/1', 'a/2', 'a/3', 'b/4']);
});

test('gives each phase a seed of its own', async () => {
  const plan = await parseText(planOf({}));
  expect(new Set([0, 1, 2].map((i) => phaseSeed(plan, i))).size).toBe(3);
});
