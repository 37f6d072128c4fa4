import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import packageJson from '../../package.json' with { type: 'json' };
import { errorTable, exitCodes } from '../../lib/errors.ts';
import { failureKinds } from '../../lib/measure/failures.ts';
import { CommandLine, Workplace, type Ended } from './command-line.ts';

let workplace: Workplace;
let server: Server;
let target = '';
/** Every path that the server was asked for. */
const asked: string[] = [];

const planOf = (step: string): string => `
name: small
target: ${target}
scenarios: [{ name: all, steps: [${step}, { pause: 10ms }] }]
phases: [{ name: only, kind: sustained, duration: 600ms, closed: { users: 2 } }]
`;
const inPlace = (name: string): string => join(workplace.path, name);
const plimsoll = (...args: readonly string[]): Promise<Ended> => new CommandLine(args).ended;
const ESCAPE = '\u001B';

beforeAll(async () => {
  workplace = await Workplace.make();
  server = createServer((request, reply) => {
    asked.push(request.url ?? '');
    if (request.url === '/fail') reply.statusCode = 500;
    reply.end(JSON.stringify({ next: `${target}/lured` }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await workplace.write('plan.yaml', planOf('{ get: / }'));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await workplace[Symbol.asyncDispose]();
});

describe('help', () => {
  test.each([
    [['--help'], ['run', 'validate', 'report', 'explain']],
    [['help'], ['run', 'validate', 'report', 'explain']],
    [['run', '--help'], ['--target', '--out', '--compress', '--json', 'Exit codes', 'plimsoll run plans/laptop.yaml']],
    [['validate', '--help'], ['plimsoll validate plans/']],
    [['report', '--help'], ['--format', 'runs/latest']],
    [['explain', '--help'], ['E-PLAN-INVALID']],
  ])('%p teaches, and ends well', async (args, words) => {
    const { code, out, err } = await plimsoll(...args);
    expect(code).toBe(exitCodes.passed);
    expect(words.filter((word) => !out.includes(word))).toEqual([]);
    expect(err).toBe('');
  });

  test('--version is the package’s', async () => {
    expect(await plimsoll('--version')).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
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
  await workplace.write('kept/report.json', '{"format":"plimsoll.report.v1"}');
  const paths: Readonly<Record<string, string>> = { RUN: inPlace('kept'), PLAN: inPlace('plan.yaml') };
  const { code, out, err } = await plimsoll(...args.map((arg) => paths[arg] ?? arg));
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain(says);
  expect(out).toBe('');
  expect(err).not.toMatch(/^\s+at /m);
});

test.each([['{'], ['{"format":"plimsoll.report.v2"}'], ['null']])('a kept report that holds %s is refused', async (text) => {
  await mkdir(inPlace('broken'), { recursive: true });
  await workplace.write('broken/report.json', text);
  const { code, err } = await plimsoll('report', inPlace('broken'));
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain("a report that this version can't read");
});

describe('validate', () => {
  test('says what a sound plan would do, and sends nothing', async () => {
    asked.length = 0;
    const { code, out } = await plimsoll('validate', inPlace('plan.yaml'));
    expect(code).toBe(exitCodes.passed);
    expect(out).toContain('is valid: 1 phases in 600 ms');
    expect(out).toContain('only (sustained), 600 ms: 2 users');
    expect(asked).toEqual([]);
  });

  test('names every problem of an unsound one, with its line', async () => {
    const path = await workplace.write('unsound.yaml', 'name: x\nscenaros: []\nphases: []\n');
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

describe('a run', () => {
  test('with --json prints one JSON document, which is summary.json, and nothing else', async () => {
    const { out, err } = await plimsoll('run', inPlace('plan.yaml'), '--out', inPlace('json'), '--json');
    expect(JSON.parse(out)).toEqual(await workplace.summary('json'));
    expect(err).toContain('only:');
  });

  test('is told again byte by byte, in all formats and in each', async () => {
    const folder = inPlace('json');
    const names = ['report.html', 'report.md', 'intervals.csv', 'summary.json', 'junit.xml'];
    const formats = ['html', 'markdown', 'csv', 'json', 'junit'];
    const readAll = () => Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    const first = await readAll();
    for (const name of names) await rm(join(folder, name));
    const { code } = await plimsoll('report', folder);
    const again = await readAll();
    const printed = await Promise.all(formats.map((format) => plimsoll('report', folder, '--format', format)));
    expect(code).toBe(exitCodes.passed);
    expect(again.map((text, at) => text === first[at])).toEqual(names.map(() => true));
    expect(printed.map(({ out }, at) => out.trimEnd() === first[at]?.trimEnd())).toEqual(names.map(() => true));
  });

  test('that is piped holds no escape code, and colours only where they are asked for', async () => {
    const runs = [{}, { FORCE_COLOR: '1', NO_COLOR: '' }].map(
      (env, at) => new CommandLine(['run', inPlace('plan.yaml'), '--out', inPlace(`colour-${at}`)], { env }).ended,
    );
    const [plain, coloured] = await Promise.all(runs);
    expect([plain?.out, plain?.err].join('')).not.toContain(ESCAPE);
    expect(coloured?.out).toContain(ESCAPE);
    expect(coloured?.err).not.toContain(ESCAPE);
  });

  test('without --out writes below the working folder, and latest points at it', async () => {
    const work = inPlace('work');
    await mkdir(work);
    const { err } = await new CommandLine(['run', '../plan.yaml'], { cwd: work }).ended;
    const [id = ''] = (await readdir(join(work, 'runs'))).filter((name) => name !== 'latest');
    expect(id).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-small$/);
    expect(await readlink(join(work, 'runs/latest'))).toBe(id);
    expect(err).toContain(`plimsoll report runs/${id}`);
    expect(await new CommandLine(['report'], { cwd: work }).ended).toMatchObject({ code: exitCodes.passed });
  });

  test('in which not one request succeeded fails, and says so', async () => {
    const path = await workplace.write('failing.yaml', planOf('{ get: /fail }'));
    const { code, out } = await plimsoll('run', path, '--out', inPlace('failing'));
    const { verdict } = await workplace.summary('failing');
    // A machine too busy to keep time voids it, which is told by a code of its own.
    expect(['fail', 'void']).toContain(verdict);
    expect(code).toBe(verdict === 'void' ? exitCodes.void : exitCodes.objectivesFailed);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/not one of [\d,]+ requests succeeded|is void/);
  });

  test('goes nowhere that a reply names: what begins with a template goes to the target', async () => {
    const other = createServer((_, reply) => void reply.end()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const lure = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    let lured = 0;
    other.on('connection', () => (lured += 1));
    asked.length = 0;
    const path = await workplace.write(
      'lure.yaml',
      planOf('{ get: /, capture: { next: $.next } }, { get: "{{ next }}", name: captured }, { get: "{{ whole }}", name: written }')
        .replace('name: small', `name: small\nvariables: { whole: "${lure}/x" }`),
    );
    await plimsoll('run', path, '--out', inPlace('lure'));
    other.close();
    expect(lured).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['/', `/${target}/lured`, `/${lure}/x`]));
  });
});

describe('a folder that does not take the report', () => {
  test('is E-OUT before any load where it can not be made', async () => {
    asked.length = 0;
    await writeFile(inPlace('file'), '');
    const { code, err } = await plimsoll('run', inPlace('plan.yaml'), '--out', inPlace('file/below'));
    expect(code).toBe(exitCodes.outputFailed);
    expect(err).toContain('E-OUT');
    expect(asked).toEqual([]);
  });

  const lose = async (name: string, env: Readonly<Record<string, string>>): Promise<Ended> => {
    const command = new CommandLine(['run', inPlace('plan.yaml'), '--out', inPlace(name)], { env });
    await command.said('of load');
    await rm(inPlace(name), { recursive: true });
    return command.ended;
  };

  test('in the end has it in the temporary folder, and the code says so', async () => {
    await mkdir(inPlace('tmp'));
    const { code, err } = await lose('lost', { TMPDIR: inPlace('tmp') });
    const [kept = ''] = (await readdir(inPlace('tmp'))).filter((name) => name.startsWith('plimsoll-lost-'));
    expect(code).toBe(exitCodes.outputFailed);
    expect(await readdir(inPlace(`tmp/${kept}`))).toEqual(expect.arrayContaining(['report.html', 'summary.json']));
    expect(err).toContain(`the report is in ${inPlace(`tmp/${kept}`)}`);
  });

  test('nor the temporary folder is E-OUT in one sentence', async () => {
    const { code, err } = await lose('lost', { TMPDIR: inPlace('no-such') });
    expect(code).toBe(exitCodes.outputFailed);
    expect(err).toContain('neither');
    expect(err).not.toMatch(/E-INTERNAL|^\s+at /m);
  });
});

test('a reader that has seen enough is no error', async () => {
  const command = new CommandLine(['report', inPlace('json'), '--format', 'html'], { closeOutput: true });
  expect(await command.ended).toMatchObject({ code: exitCodes.passed, err: '' });
});
