import { mkdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import packageJson from '../../package.json' with { type: 'json' };
import { errorTable, exitCodes } from '../../lib/errors.ts';
import { failureKinds } from '../../lib/measure/failures.ts';
import { CommandLine, type Ended } from './command-line.ts';
import { Stage } from './stage.ts';

let stage: Stage;

const inPlace = (name: string): string => stage.inPlace(name);
const plimsoll = (...args: readonly string[]): Promise<Ended> => stage.plimsoll(...args);

const plimsollBy = (env: Record<string, string>, ...args: string[]): Promise<Ended> =>
  new CommandLine(args, { env }).ended;

beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('help', () => {
  test.each([
    [['--help'], ['run', 'validate', 'report', 'explain']],
    [['help'], ['run', 'validate', 'report', 'explain']],
    [
      ['run', '--help'],
      ['--target', '--out', '--compress', '--json', 'Exit codes', 'plimsoll run plans/laptop.yaml'],
    ],
    [['validate', '--help'], ['plimsoll validate plans/']],
    [
      ['report', '--help'],
      ['--format', 'runs/latest'],
    ],
    [['explain', '--help'], ['E-PLAN-INVALID']],
  ])('%p teaches, and ends well', async (args, words) => {
    const { code, out, err } = await plimsoll(...args);
    expect(code).toBe(exitCodes.passed);
    expect(words.filter((word) => !out.includes(word))).toEqual([]);
    expect(err).toBe('');
  });

  test('an older Node is told in a sentence, without any of what it does not know', async () => {
    const older = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'23.11.0'}})`;
    const { code, out, err } = await plimsollBy({ NODE_OPTIONS: `--import="${older}"` }, '--version');
    expect({ code, out }).toEqual({ code: exitCodes.lacking, out: '' });
    // Sources want more than the package does.
    expect(err).toContain('E-MACHINE: Plimsoll needs Node 24.0 or newer, and this is 23.11.0.');
    const entry = await readFile(new URL('../../bin/plimsoll.js', import.meta.url), 'utf8');
    expect(entry).toContain(`'${packageJson.engines.node.replace('>=', '')}'`);
  });

  test('--version is the package’s', async () => {
    expect(await plimsoll('--version')).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });
});

test('a plan’s module that leaves a timer running keeps no command from its end', async () => {
  const path = await stage.workplace.write(
    'live.mjs',
    `setInterval(() => {}, 1000);
export default { name: 'x', target: 'http://127.0.0.1:1', scenarios: [{ name: 'a', steps: [{ get: '/' }] }],
  phases: [{ name: 'p', kind: 'stress', duration: '1s', open: { rate: 1 } }] };`,
  );
  const { code, out } = await plimsoll('validate', path);
  expect({ code, valid: out.includes('is valid') }).toEqual({ code: exitCodes.passed, valid: true });
});

test('a script of another tool is run as the plan that it becomes', async () => {
  const path = await stage.workplace.write(
    'script.yml',
    'config: { target: "http://127.0.0.1:1", phases: [{ duration: 1, arrivalRate: 2 }] }\nscenarios: [{ flow: [{ get: { url: / } }] }]\n',
  );
  const { code, err } = await plimsoll('run', path, '--out', inPlace('script'));
  expect({ code, says: err.includes('1 phase, 1 s of load') }).toEqual({
    code: exitCodes.targetUnreachable,
    says: true,
  });
});

test.each([
  ['an unknown command', ['rnu'], 'Did you mean run?'],
  ['an unknown option', ['run', '--outt', 'x'], 'Did you mean --out?'],
  ['no command', [], 'Usage: plimsoll'],
  ['too many arguments', ['validate', 'a', 'b'], 'too many arguments'],
  ['a missing value', ['run', '--out'], 'argument missing'],
  ['an unknown format', ['report', '--format', 'htm', 'RUN'], 'there are html, markdown, csv, json, junit'],
  ['a folder without a run', ['report', 'nowhere'], 'E-RUN-MISSING'],
  ['an unknown code', ['explain', 'E-NOPE'], 'E-NOPE'],
  ['a factor below 1', ['run', 'PLAN', '--compress', '0.5'], '--compress'],
  ['a target that is no URL', ['run', 'PLAN', '--target', 'ftp://x'], '--target'],
])('%s is a usage error that says what there is', async (_, args, says) => {
  await mkdir(inPlace('kept'), { recursive: true });
  await stage.workplace.write('kept/report.json', '{"format":"plimsoll.report.v1","summary":{}}');
  const paths: Readonly<Record<string, string>> = { RUN: inPlace('kept'), PLAN: inPlace('plan.yaml') };
  const { code, out, err } = await plimsoll(...args.map((arg) => paths[arg] ?? arg));
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain(says);
  expect(out).toBe('');
  expect(err).not.toMatch(/^\s+at /m);
});

test('--compress says which conditions can end nothing any more', async () => {
  const text = `
name: short
target: http://127.0.0.1:1
abortOn: [p99 > 2s for 30s, errors > 50% for 3s]
scenarios: [{ name: a, steps: [{ get: / }] }]
phases: [{ name: held, kind: sustained, duration: 40s, open: { rate: 1 } }]
`;
  const path = await stage.workplace.write('short.yaml', text);
  const { code, err } = await plimsoll('run', path, '--compress', '10', '--out', inPlace('short'));
  expect(code).toBe(exitCodes.targetUnreachable);
  expect(err).toContain('--compress 10: held is too short for "p99 > 2s for 30s" to end it.');
  expect(err).not.toContain('errors > 50%');
});

test.each([['{'], ['{"format":"plimsoll.report.v2"}'], ['null']])(
  'a kept report that holds %s is refused',
  async (text) => {
    await mkdir(inPlace('broken'), { recursive: true });
    await stage.workplace.write('broken/report.json', text);
    const { code, err } = await plimsoll('report', inPlace('broken'));
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain("a report that this version can't read");
  },
);

describe('validate', () => {
  test('says what a sound plan would do, and sends nothing', async () => {
    const { code, out } = await plimsoll('validate', inPlace('plan.yaml'));
    expect(code).toBe(exitCodes.passed);
    expect(out).toContain('is valid: 1 phase, 600 ms of load');
    expect(out).toContain('only (sustained), 600 ms: 2 users');
    expect(stage.service.asked).toEqual([]);
  });

  test('says what a run needs beside the plan, which is no problem before one', async () => {
    const text = stage.planOf("{ get: /, headers: { a: '{{ $env(NO_SUCH_TOKEN) }}' } }");
    const path = await stage.workplace.write('secret.yaml', text);
    const [{ code, err }, run] = await Promise.all([plimsoll('validate', path), plimsoll('run', path)]);
    expect([code, run.code]).toEqual([exitCodes.passed, exitCodes.planInvalid]);
    expect(err).toMatch(/^Before a run: .*\.headers\.a: the environment variable NO_SUCH_TOKEN is not set/);
  });

  test('names every problem of an unsound one, with its line', async () => {
    const path = await stage.workplace.write('unsound.yaml', 'name: x\nscenaros: []\nphases: []\n');
    const { code, out, err } = await plimsoll('validate', path);
    expect(code).toBe(exitCodes.planInvalid);
    expect(out).toBe('');
    expect(err).toContain('unsound.yaml:2');
    expect(err).toContain('unsound.yaml:3');
    expect(err).toContain('E-PLAN-INVALID');
  });
});

describe('explain', () => {
  test('knows every error, every failure and every exit code', async () => {
    const { code, out } = await plimsoll('explain');
    const names = [...Object.keys(errorTable), ...Object.keys(failureKinds), ...Object.values(exitCodes).map(String)];
    expect(code).toBe(exitCodes.passed);
    expect(names.filter((name) => !out.split('\n').some((line) => line.split(/\s/)[0] === name))).toEqual([]);
  });

  test.each(['E-OUT', 'reset', '130'])('tells %s in one line', async (name) => {
    const { out } = await plimsoll('explain', name);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(out.startsWith(name)).toBe(true);
  });
});
