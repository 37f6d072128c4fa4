import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { errorTable, exitCodes, type ErrorCode } from '../../lib/errors.ts';
import type { Summary } from '../../lib/report/summary.ts';
import { CommandLine, Workplace, type Ended } from './command-line.ts';
import { connections } from './honesty/behaviours/connections.ts';
import { reachability } from './honesty/behaviours/reachability.ts';
import { tls } from './honesty/behaviours/tls.ts';
import { MisbehavingServer } from './honesty/server.ts';
import { TimedServer } from './honesty/timed-server.ts';

/** What a person gets wrong before any load is offered, and what the command line has to say of it. */
interface Case {
  readonly plan?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly code: ErrorCode;
  /** Stands in what is said, so that a person finds the place. */
  readonly says: string;
}

interface Parts {
  readonly target?: string;
  readonly step?: string;
  readonly load?: string;
  readonly top?: string;
}

const planOf = ({ target, step, load, top }: Parts): string => `name: bad input
target: ${target ?? 'http://127.0.0.1:1'}
${top ?? 'seed: 1'}
scenarios:
  - { name: all, steps: [${step ?? '{ get: / }'}] }
phases:
  - { name: one, kind: sustained, duration: 300ms, ${load ?? 'open: { rate: 50 }'} }
`;

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
  'a target that is down': { plan: planOf({}), code: 'E-TARGET-UNREACHABLE', says: '127.0.0.1:1' },
  'a name without an address': {
    plan: planOf({ target: 'http://nope.invalid' }),
    env: { PLIMSOLL_ALLOW: 'nope.invalid' },
    code: 'E-TARGET-UNREACHABLE',
    says: 'nope.invalid',
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
  'a report of no run': { args: ['report', 'nowhere'], code: 'E-RUN-MISSING', says: 'nowhere' },
};

interface Result extends Ended {
  readonly orphans: boolean;
}

const results = new Map(Object.keys(CASES).map((name) => [name, Promise.withResolvers<Result>()]));

async function runCase({ plan, args, env }: Case): Promise<Result> {
  await using workplace = await Workplace.make();
  const path = await workplace.write('plan.yaml', plan ?? '');
  const given = (args ?? ['run', 'PLAN', '--out', `${workplace.path}/out`]).map((arg) => arg.replace('PLAN', path));
  const command = new CommandLine(given, env === undefined ? {} : { env });
  const ended = await command.ended;
  return { ...ended, orphans: command.leavesOrphans };
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

/** Codes that a text names at the beginning of a line. */
const codesIn = (text: string): string[] => Array.from(text.matchAll(/^(E-[A-Z-]+): /gm), ([, code]) => code ?? '');

test.each(Object.entries(CASES))('%s: one coded sentence, what to do, and the exit code', async (name, wanted) => {
  const result = await results.get(name)?.promise;
  const { exit, remedy } = errorTable[wanted.code];
  expect(result?.code).toBe(exitCodes[exit]);
  expect(codesIn(result?.err ?? '')).toEqual([wanted.code]);
  expect(result?.err.trimEnd().split('\n').at(-1)).toBe(`  ${remedy}`);
  expect(result?.err).toContain(wanted.says);
  expect(result?.err).not.toMatch(/^ {4}at |Error:|node:internal/m);
  expect(result?.out).toBe('');
  expect(result?.orphans).toBe(false);
});

test('an option that there is none of is a usage error, and no stack', async () => {
  const { code, err } = await new CommandLine(['run', '--colour']).ended;
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain('--colour');
  expect(err).not.toMatch(/^ {4}at /m);
});

const named = (list: typeof tls, name: string) => {
  const found = list.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
};

interface Loaded extends Result {
  readonly summary: Summary | undefined;
}

/** Runs the plan against a server that goes wrong in one way. */
async function runAgainst(behaviour: ReturnType<typeof named>, limit?: string): Promise<Loaded> {
  await using workplace = await Workplace.make();
  const server = new MisbehavingServer(behaviour);
  await server.listen();
  const path = await workplace.write(
    'plan.yaml',
    planOf({ target: server.url, top: 'headers: { x-id: "{{ $uuid }}" }' }),
  );
  const command = new CommandLine(
    ['run', path, '--out', `${workplace.path}/out`],
    limit === undefined ? {} : { limit, env: { TMPDIR: workplace.path } },
  );
  const ended = await command.ended;
  await server.close();
  const isTold = existsSync(`${workplace.path}/out/summary.json`);
  const summary = isTold ? await workplace.summary('out') : undefined;
  return { ...ended, summary, orphans: command.leavesOrphans };
}

/** A busy machine may make the measurement void, which is no success either. */
const NO_SUCCESS = [exitCodes.objectivesFailed, exitCodes.void];

test.each<[string, ReturnType<typeof named>, string]>([
  ['TLS error', named(tls, 'TLS, unknown authority'), 'tls'],
  ['target that dies in mid-run', named(reachability, 'dies in mid-run'), 'refused'],
])('%s: the run goes on to its end, and its result tells of it', async (_, behaviour, kind) => {
  const { code, err, summary, orphans } = await runAgainst(behaviour);
  expect(NO_SUCCESS).toContain(code);
  expect(summary?.phases[0]?.ledger.failures[kind]).toBeGreaterThan(0);
  expect(summary?.phases[0]?.arrivals.due).toBe(15);
  expect(err).not.toMatch(/^ {4}at |E-INTERNAL/m);
  expect(orphans).toBe(false);
});

test('a disk that takes no report: the exit code says so, and what was measured was told before', async () => {
  const { code, err, orphans } = await runAgainst(named(connections, 'says close and closes'), '-f 4');
  expect(code).toBe(exitCodes.outputFailed);
  expect(codesIn(err)).toEqual(['E-OUT']);
  expect(err).not.toMatch(/^ {4}at /m);
  expect(err).toMatch(/^one: (?:pass|void), .* req\/s, p99 /m);
  expect(orphans).toBe(false);
});

test('a folder that goes away in mid-run: the report is kept in the temporary folder', async () => {
  await using workplace = await Workplace.make();
  const folder = join(workplace.path, 'out');
  const server = await TimedServer.listen(() => 0);
  const path = await workplace.write('plan.yaml', planOf({ target: server.url }));
  const command = new CommandLine(['run', path, '--out', folder], { env: { TMPDIR: workplace.path } });
  await server.asked;
  await rm(folder, { recursive: true });
  await workplace.write('out', 'a file where the folder was');
  const { code, err, out } = await command.ended;
  server.close();
  const kept = readdirSync(workplace.path).find((name) => name.startsWith('plimsoll-out-')) ?? 'nowhere';
  expect(code).toBe(exitCodes.outputFailed);
  expect(codesIn(err)).toEqual(['E-OUT']);
  expect(err).toContain(join(workplace.path, kept));
  expect(out).not.toBe('');
  expect((await workplace.summary(kept)).phases[0]?.ledger).toMatchObject({ sent: 15, ok: 15 });
});

test('too few file descriptors: failures of the generator, by their name, and a void measurement', async () => {
  await using workplace = await Workplace.make();
  const server = await TimedServer.listen(() => 100);
  const path = await workplace.write('plan.yaml', planOf({ target: server.url, load: 'open: { rate: 800 }' }));
  const { code, err } = await new CommandLine(['run', path, '--out', `${workplace.path}/out`], { limit: '-n 64' })
    .ended;
  server.close();
  const { ledger, validity } = (await workplace.summary('out')).phases[0] ?? {};
  expect(code).toBe(exitCodes.void);
  expect(validity?.reasons.join()).toContain('ulimit -n');
  expect(ledger?.failures).toEqual({ sockets: expect.any(Number) });
  // What failed for want of a socket never reached the server; everything else did, once.
  expect(server.urls).toHaveLength((ledger?.sent ?? 0) - (ledger?.failed ?? 0));
  expect(ledger?.ok).toBe(server.urls.length);
  expect(err).not.toMatch(/^ {4}at |E-INTERNAL/m);
});
