import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadPlan } from '../../../../lib/adapters/node/plan-file.ts';
import { rowsOf } from '../../plan/feeder-of.ts';
import { planOf } from '../../plan/sources.ts';

const options = { signalIds: [], env: {} };
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-plans-'));
  await writeFile(join(folder, 'good.yaml'), planOf({ top: 'feeders: { users: { file: data/users.csv } }' }));
  await writeFile(join(folder, 'bad.yaml'), planOf({ top: 'feeders: { users: { file: data/latin.csv } }' }));
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data/users.csv'), 'email\na@example.test\n');
  await writeFile(join(folder, 'data/latin.csv'), Buffer.from([0x65, 0x0a, 0xe9, 0x0a]));
  await writeFile(join(folder, 'latin.yaml'), Buffer.from([0x6e, 0x3a, 0xe9]));
  await writeFile(join(folder, 'large.yaml'), '');
  await truncate(join(folder, 'large.yaml'), 1024 * 1024 + 1);
});

afterAll(() => rm(folder, { recursive: true }));

const load = (name: string) => loadPlan(join(folder, name), options);

test('reads a plan, its files and its hash', async () => {
  const { plan, text, sha256 } = await load('good.yaml');
  expect(rowsOf(plan)).toEqual([['a@example.test']]);
  expect(text).toContain('name: x');
  expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
});

describe('refuses', () => {
  test.each([
    [
      'a plan that is not there, and names one nearly so',
      'god.yaml',
      'E-PLAN-MISSING',
      /^there is no .*god\.yaml; did you mean .*good\.yaml\?$/,
    ],
    [
      'a plan that is nowhere near',
      'completely-else.yaml',
      'E-PLAN-MISSING',
      /; there are .*bad\.yaml, .*plans\/laptop\.yaml/,
    ],
    ['a shipped plan asked for in the wrong place', 'lptop', 'E-PLAN-MISSING', /; did you mean plans\/laptop\.yaml\?$/],
    ['a plan in a folder that is none', 'good.yaml/x.yaml', 'E-PLAN-MISSING', /^there is no /],
    ['a folder', '.', 'E-PLAN-MISSING', /is a folder; there are .*bad\.yaml/],
    ['a plan above 1 MiB', 'large.yaml', 'E-PLAN-TOO-LARGE', /1048577 bytes; 1048576 are the most$/],
    ['text that is not UTF-8', 'latin.yaml', 'E-PLAN-INVALID', /latin\.yaml is not UTF-8 text; save it as UTF-8$/],
  ])('%s', async (_, name, code, message) => {
    await expect(load(name)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a device that never ends', async () => {
    await expect(loadPlan('/dev/zero', options)).rejects.toMatchObject({
      code: 'E-PLAN-MISSING',
      message: '/dev/zero cannot be read: it is no file',
    });
  });

  test('a feeder that is not UTF-8, at the line that names it', async () => {
    const path = join(folder, 'bad.yaml');
    await expect(load('bad.yaml')).rejects.toMatchObject({
      code: 'E-PLAN-INVALID',
      details: [
        expect.stringContaining(
          `${path}:2:27 feeders.users.file: "data/latin.csv" is not UTF-8 text; save it as UTF-8`,
        ),
      ],
    });
  });
});

test('a plan whose hooks lie nowhere is refused', async () => {
  await writeFile(join(folder, 'hooked.yaml'), planOf({ top: 'hooks: { file: lacking.ts }' }));
  await expect(load('hooked.yaml')).rejects.toMatchObject({
    code: 'E-HOOKS',
    message: expect.stringMatching(/^there is no .*lacking\.ts, which/),
  });
});

describe('a plan that is a module', () => {
  const steps = "scenarios: [{ name: 's', steps: [{ get: '/' }] }]";
  const phases = "phases: [{ name: 'p', kind: 'sustained', duration: '1s', open: { rate: 1 } }]";
  const loadText = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return await load(name);
  };

  test('is what its default export holds; files are relative to it, and the hash is of what it made', async () => {
    const feeders = "feeders: { users: { file: 'data/users.csv' } }";
    const made = await loadText('made.ts', `export default { name: String('x'), ${steps}, ${phases}, ${feeders} };`);
    expect(rowsOf(made.plan)).toEqual([['a@example.test']]);
    expect(JSON.parse(made.text)).toMatchObject({ name: 'x', phases: [{ duration: '1s' }] });
    expect(made.sha256).toBe(createHash('sha256').update(made.text).digest('hex'));
  });

  test('functions of its hooks are named, and where it lies is known', async () => {
    const hooks = "hooks: { beforeRequest() {}, functions: { sign: () => 1 }, timeout: '2s', sets: ['a'] }";
    const { plan, text } = await loadText('hooks.ts', `export default { name: 'x', ${steps}, ${phases}, ${hooks} };`);
    expect(plan.hooks).toEqual({
      module: join(folder, 'hooks.ts'),
      signatures: 'plan',
      beforeJourney: [],
      beforeRequest: ['beforeRequest'],
      afterResponse: [],
      sets: { a: null },
      limitUs: 2e6,
      names: {},
    });
    expect(JSON.parse(text)).toMatchObject({ hooks: { file: 'hooks.ts', beforeRequest: 'beforeRequest' } });
  });

  test.each([
    ['none.ts', 'export const plan = {};', /exports no plan; write export default definePlan/],
    ['fails.mjs', "throw new Error('no rows');", /fails when it is loaded: no rows$/],
    [
      'hook.js',
      `export default { name: 'x', ${steps}, ${phases}, before() {} };`,
      /: before is a function; a plan holds data only$/,
    ],
    ['called.ts', 'export default () => ({});', /: the default export is a function; a plan holds data only$/],
    ['not-a-number.ts', 'export default { seed: NaN };', /: seed is NaN, which is no number; a plan holds data only$/],
    ['map.ts', 'export default { variables: new Map() };', /: variables is a Map; a plan holds data only$/],
    ['circle.ts', 'const plan = {}; plan.plan = plan; export default plan;', /circle.ts exports no data: .*circular/s],
    ['wrong.ts', `export default { name: 'x', ${steps}, phases: [] };`, /^the plan has 1 problem$/],
  ])('is refused: %s', async (name, text, message) => {
    await expect(loadText(name, text)).rejects.toMatchObject({
      code: 'E-PLAN-INVALID',
      message: expect.stringMatching(message),
    });
  });
});
