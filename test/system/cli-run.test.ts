import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../lib/errors.ts';
import { CommandLine, type Ended } from './command-line.ts';
import { Stage } from './stage.ts';

const ENTRY = fileURLToPath(new URL('../../bin/plimsoll.js', import.meta.url));
const ESCAPE = '\u001B';

const execute = promisify(execFile);
/** A run may end with the code of a void measurement, where the machine is too busy to keep time. */
const failed = (error: { stdout: string; stderr: string }) => error;

let stage: Stage;

const inPlace = (name: string): string => stage.inPlace(name);
const plimsoll = (...args: readonly string[]): Promise<Ended> => stage.plimsoll(...args);

beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('a run', () => {
  test('with --json prints one JSON document, which is summary.json, and nothing else', async () => {
    const { out, err } = await plimsoll('run', inPlace('plan.yaml'), '--out', inPlace('json'), '--json');
    expect(JSON.parse(out)).toEqual(await stage.workplace.summary('json'));
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

  test('is listed with its start, verdict and plan, in the folder of runs and by itself', async () => {
    const { verdict, run, plan } = await stage.workplace.summary('json');
    const start = `${run.startedAt.slice(0, 19)}Z`;
    const line = `${start}  ${verdict.padEnd(7)}  ${plan.name}  json\n`;
    const [all, one, none] = await Promise.all([
      plimsoll('list', inPlace('.')),
      plimsoll('list', inPlace('json')),
      plimsoll('list', inPlace('json/phases')),
    ]);
    expect({ all: all.out, one: one.out, none: none.out }).toEqual({
      all: expect.stringContaining(line.trimEnd()),
      one: line,
      none: '',
    });
    expect(none).toMatchObject({ code: exitCodes.passed, err: expect.stringContaining('There is no run yet.') });
  });

  test('leaves no secret of any source in any of its files, and prints none', async () => {
    await writeFile(inPlace('logins.csv'), 'user,password\nann,hush-of-a-row\n');
    const plan = {
      name: 'secrets',
      target: stage.service.url,
      feeders: { logins: { file: 'logins.csv' } },
      headers: { authorization: 'hush-of-the-plan' },
      variables: { key: 'hush-of-a-variable' },
      signals: { database: 'DATABASE', cache: 'CACHE' },
      scenarios: [
        {
          name: 'only',
          steps: [
            { post: '/', json: { pw: '{{ logins.password }}', own: 'hush-of-a-body' } },
            { get: '/{{ $env(HUSH) }}', headers: { 'x-key': '{{ $env(HUSH) }}' }, query: { key: '{{ key }}' } },
          ],
        },
      ],
      phases: [{ name: 'only', kind: 'sustained', duration: '1s', closed: { users: 1 } }],
    };
    await writeFile(inPlace('secrets.yaml'), JSON.stringify(plan));
    const env = {
      HUSH: 'hush-of-the-environment',
      DATABASE: 'postgres://ann:hush-of-the-database@127.0.0.1:1/x',
      CACHE: 'redis://ann:hush-of-the-cache@127.0.0.1:1',
    };
    const { out, err } = await new CommandLine(['run', inPlace('secrets.yaml'), '--out', inPlace('secrets')], { env })
      .ended;
    expect(err).not.toMatch(/E-PLAN/);
    const names = await readdir(inPlace('secrets'), { recursive: true, withFileTypes: true });
    const files = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    expect(files.some((file) => file.endsWith('plan.json'))).toBe(true);
    expect(files.filter((_, at) => texts[at]?.includes('hush-of'))).toEqual([]);
    expect(out + err).not.toContain('hush-of');
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
    const { stderr } = await execute(process.execPath, [ENTRY, 'run', '../plan.yaml'], { cwd: work }).catch(failed);
    const id = (await readdir(join(work, 'runs'))).find((name) => name !== 'latest') ?? '';
    expect(id).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-small$/);
    expect(await readlink(join(work, 'runs/latest'))).toBe(id);
    expect(stderr).toContain(`plimsoll report runs/${id}`);
    const { stdout } = await execute(process.execPath, [ENTRY, 'report'], { cwd: work });
    expect(stdout).toContain('runs/latest/report.html');
  });

  test('in which not one request succeeded fails, and says so', async () => {
    const path = await stage.workplace.write('failing.yaml', stage.planOf('{ get: /fail }'));
    const { code, out } = await plimsoll('run', path, '--out', inPlace('failing'));
    const { verdict } = await stage.workplace.summary('failing');
    // A machine too busy to keep time voids it, which is told by a code of its own.
    expect(['fail', 'void']).toContain(verdict);
    expect(code).toBe(verdict === 'void' ? exitCodes.void : exitCodes.objectivesFailed);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(/not one of [\d,]+ requests succeeded|is void/);
  });

  test('goes to no other origin that a reply or a variable names, and to those of the target as they are written', async () => {
    const other = createServer((_, reply) => void reply.end()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const lure = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    let lured = 0;
    other.on('connection', () => (lured += 1));
    const { asked } = stage.service;
    asked.length = 0;
    const path = await stage.workplace.write(
      'lure.yaml',
      stage
        .planOf(
          '{ get: /, capture: { next: $.next } }, { get: "{{ next }}", name: captured }, { get: "{{ whole }}", name: written }',
          '2s',
        )
        .replace('name: small', `name: small\nvariables: { whole: "${lure}/x" }`),
    );
    await plimsoll('run', path, '--out', inPlace('lure'));
    other.close();
    expect(lured).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['/', '/lured']));
    const { phases } = await stage.workplace.summary('lure');
    expect(phases[0]?.ledger.failures['request']).toBeGreaterThan(0);
  });
});

describe('a folder that does not take the report', () => {
  test('is E-OUT before any load where it can not be made', async () => {
    stage.service.asked.length = 0;
    await writeFile(inPlace('file'), '');
    const { code, err } = await plimsoll('run', inPlace('plan.yaml'), '--out', inPlace('file/below'));
    expect(code).toBe(exitCodes.outputFailed);
    expect(err).toContain('E-OUT');
    expect(stage.service.asked).toEqual([]);
  });

  const lose = async (name: string, env: Readonly<Record<string, string>>): Promise<Ended> => {
    const { heard, release } = stage.service.hold();
    const command = new CommandLine(['run', inPlace('plan.yaml'), '--out', inPlace(name)], { env });
    await heard;
    await rm(inPlace(name), { recursive: true });
    release();
    return command.ended;
  };

  test('in the end has it in the temporary folder, and the code says so', async () => {
    await mkdir(inPlace('tmp'));
    const { code, err } = await lose('lost', { TMPDIR: inPlace('tmp') });
    const names = await readdir(inPlace('tmp'));
    const kept = names.find((name) => name.startsWith('plimsoll-lost-')) ?? '';
    expect(code).toBe(exitCodes.outputFailed);
    expect(await readdir(inPlace(`tmp/${kept}`))).toEqual(expect.arrayContaining(['report.html', 'summary.json']));
    expect(err).toContain(`the report is in ${inPlace(`tmp/${kept}`)}`);
  });

  test('nor the temporary folder is E-OUT in one sentence', async () => {
    const { code, out, err } = await lose('lost', { TMPDIR: inPlace('no-such') });
    expect(code).toBe(exitCodes.outputFailed);
    // What was measured is told all the same.
    expect(out).toMatch(/^(?:PASS|VOID) {2}/m);
    expect(err).toContain('neither');
    expect(err).not.toMatch(/E-INTERNAL|^\s+at /m);
  });
});

test('a reader that has seen enough is no error', async () => {
  const piped = 'set -o pipefail; "$@" | head -c 1';
  const command = [process.execPath, ENTRY, 'report', inPlace('json'), '--format', 'html'];
  // A shell complains of a language that its machine doesn't have.
  const env = { ...process.env, LC_ALL: 'C' };
  expect(await execute('bash', ['-c', piped, 'bash', ...command], { env })).toEqual({ stdout: '<', stderr: '' });
});
