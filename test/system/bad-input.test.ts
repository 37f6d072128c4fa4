import { existsSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { errorTable, exitCodes, type ErrorCode } from '../../lib/errors.ts';
import { CommandLine, Workplace, type Ended } from './command-line.ts';
import { codesIn, planOf } from './plan-text.ts';

/** What a person gets wrong before any load is offered, and what the command line has to say of it. */
interface Case {
  readonly plan?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly code: ErrorCode;
  /** Stands in what is said, so that a person finds the place. */
  readonly says: string;
}

const NO_NAME = `${'a'.repeat(64)}.invalid`;

const TEN_MB = `${planOf({})}# ${'x'.repeat(10 * 2 ** 20)}\n`;

const CASES: Readonly<Record<string, Case>> = {
  'no plan file': { args: ['run', 'nowhere/plan.yaml'], code: 'E-PLAN-MISSING', says: 'nowhere/plan.yaml' },
  'a folder for a plan': { args: ['run', '.'], code: 'E-PLAN-MISSING', says: 'folder' },
  'YAML that is none': { plan: 'name: [1, 2\nscenarios: }', code: 'E-PLAN-INVALID', says: 'plan.yaml:' },
  'an empty plan': { plan: '', code: 'E-PLAN-INVALID', says: 'plan.yaml' },
  'an unknown key': { plan: planOf({ top: 'sede: 1' }), code: 'E-PLAN-INVALID', says: 'sede' },
  'a rate below 0': { plan: planOf({ load: 'open: { rate: -5 }' }), code: 'E-PLAN-INVALID', says: 'rate' },
  'a CSV file that is not there': {
    plan: planOf({ top: 'feeders: { users: { file: users.csv } }' }),
    code: 'E-PLAN-INVALID',
    says: 'users.csv',
  },
  'a template with an unknown variable': {
    plan: planOf({ step: '{ get: "/{{ tokn }}" }' }),
    code: 'E-PLAN-INVALID',
    says: 'tokn',
  },
  'a plan of 10 MB': { plan: TEN_MB, code: 'E-PLAN-TOO-LARGE', says: 'plan.yaml' },
  'no target': { plan: planOf({}).replace(/target:.*\n/, ''), code: 'E-TARGET-MISSING', says: 'target' },
  'a query in --target': {
    args: ['run', 'PLAN', '--target', 'http://127.0.0.1:1/?v=2'],
    plan: planOf({}),
    code: 'E-USAGE',
    says: 'takes no query',
  },
  'a target that is down': { plan: planOf({}), code: 'E-TARGET-UNREACHABLE', says: '127.0.0.1:1' },
  // A label of more than 63 bytes is no name (RFC 1035 §2.3.4): refused without asking a network that may not be there.
  'a name without an address': {
    plan: planOf({ target: `http://${NO_NAME}` }),
    env: { PLIMSOLL_ALLOW: NO_NAME },
    code: 'E-TARGET-UNREACHABLE',
    says: NO_NAME,
  },
  'a target that is not loopback': {
    plan: planOf({ target: 'http://198.51.100.1' }),
    code: 'E-TARGET-REFUSED',
    says: '198.51.100.1',
  },
  'a name that looks like production': {
    plan: planOf({ target: 'https://www.shop.test' }),
    env: { PLIMSOLL_ALLOW: 'www.shop.test' },
    code: 'E-TARGET-REFUSED',
    says: 'PLIMSOLL_ALLOW_PRODUCTION',
  },
  'a step that goes to another host': {
    plan: planOf({ step: '{ get: "http://shop.test/x" }' }),
    code: 'E-TARGET-REFUSED',
    says: 'shop.test',
  },
  'a step that takes its host from a template': {
    plan: planOf({ step: '{ get: "http://{{ $uuid }}/x" }' }),
    code: 'E-TARGET-REFUSED',
    says: 'template',
  },
  'a password in --target': {
    plan: planOf({}),
    args: ['run', 'PLAN', '--target', 'http://ann:s3cret@127.0.0.1:1'],
    code: 'E-USAGE',
    says: 'holds a user name',
  },
  'a password in --target, which is no URL': {
    plan: planOf({}),
    args: ['capacity', 'PLAN', '--target', 'ann:s3cret@127.0.0.1'],
    code: 'E-USAGE',
    says: 'holds a user name',
  },
  'a password in the target': {
    plan: planOf({ target: 'http://ann:s3cret@127.0.0.1:1' }),
    code: 'E-PLAN-INVALID',
    says: 'target: http://**********@127.0.0.1:1',
  },
  'an --out that is no folder': {
    plan: planOf({}),
    args: ['run', 'PLAN', '--out', 'PLAN/out'],
    code: 'E-OUT',
    says: 'plan.yaml/out',
  },
  'a factor that is no number': {
    plan: planOf({}),
    args: ['run', 'PLAN', '--compress', 'much'],
    code: 'E-USAGE',
    says: 'much',
  },
  'a policy where no environment is': {
    args: ['policy'],
    cwd: '/',
    code: 'E-CONFIGURATION-MISSING',
    says: 'lies in /',
  },
  'a scaling policy that is not there': {
    args: ['simulate', '--policy', 'nowhere.yaml', '--traffic', 'global'],
    code: 'E-POLICY-MISSING',
    says: 'nowhere.yaml',
  },
  'tasks of no search': {
    args: ['simulate', '--policy', 'config/scaling/staging.yaml', '--traffic', 'global', '--tasks', '2'],
    code: 'E-USAGE',
    says: '--run',
  },
  'a time zone that is none': {
    args: ['simulate', '--policy', 'config/scaling/staging.yaml', '--traffic', 'global', '--timezone', 'Mars/North'],
    code: 'E-USAGE',
    says: 'Mars/North',
  },
  'a report of no run': { args: ['report', 'nowhere'], code: 'E-RUN-MISSING', says: 'nowhere' },
};

interface Result extends Ended {
  readonly orphans: boolean;
  /** Whether the folder for the run's files is there. */
  readonly leavesFolder: boolean;
}

const results = new Map(Object.keys(CASES).map((name) => [name, Promise.withResolvers<Result>()]));

async function runCase({ plan, args, env, cwd }: Case): Promise<Result> {
  await using workplace = await Workplace.make();
  const path = await workplace.write('plan.yaml', plan ?? '');
  const given = (args ?? ['run', 'PLAN', '--out', `${workplace.path}/out`]).map((arg) => arg.replace('PLAN', path));
  const command = new CommandLine(given, { ...(env && { env }), ...(cwd !== undefined && { cwd }) });
  const ended = await command.ended;
  const leavesFolder = existsSync(`${workplace.path}/out`);
  return { ...ended, orphans: command.leavesOrphans, leavesFolder };
}

async function work(queue: Iterator<[string, Case]>): Promise<void> {
  for (let next = queue.next(); next.done !== true; next = queue.next()) {
    const settled = results.get(next.value[0]);
    await runCase(next.value[1]).then(settled?.resolve, settled?.reject);
  }
}

beforeAll(() => {
  const queue = Object.entries(CASES).values();
  void work(queue);
  void work(queue);
});

test.each(Object.entries(CASES))('%s: one coded sentence, what to do, and the exit code', async (name, wanted) => {
  const result = await results.get(name)?.promise;
  const { exit, remedy } = errorTable[wanted.code];
  expect(result?.code).toBe(exitCodes[exit]);
  expect(codesIn(result?.err ?? '')).toEqual([wanted.code]);
  expect(result?.err.trimEnd().split('\n').at(-1)).toBe(`  ${remedy}`);
  expect(result?.err).toContain(wanted.says);
  expect(result?.err).not.toMatch(/^ {4}at |Error:|node:internal|s3cret/m);
  expect(result?.out).toBe('');
  expect([result?.orphans, result?.leavesFolder]).toEqual([false, false]);
});

test('an option that there is none of is a usage error, and no stack', async () => {
  const { code, err } = await new CommandLine(['run', '--colour']).ended;
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain('--colour');
  expect(err).not.toMatch(/^ {4}at /m);
});
