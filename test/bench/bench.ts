import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportError } from '../../bin/terminal.ts';
import { halfOfSlowest, runCase, type CaseResult, type Plan } from './cases.ts';
import { loadAverage, machine, type Machine } from './machine.ts';
import { findPeers, optionsFrom, type Options } from './options.ts';
import { functionsRow } from './own/functions.ts';
import { halfLoad } from './own/half-load.ts';
import { manyUsers } from './own/many-users.ts';
import { collectorRow } from './own/collector.ts';
import { outputsRow } from './own/outputs.ts';
import { gateRow, mergeRow, soakRow } from './own/memory.ts';
import type { OwnRow } from './own/row.ts';
import type { Peer } from './peers/peer.ts';
import { findCommand } from './processes.ts';
import type { Found } from './runner.ts';
import { say } from './say.ts';
import { nginx } from './server/nginx.ts';
import { ownServer } from './server/own.ts';
import type { Server } from './server/server.ts';
import { costTable, goalTable, rateTable } from './table.ts';

/** `npm run bench`: every generator on this machine side by side, against one server, in one run. */
const PARTS = [
  'get',
  'scenario',
  'rate',
  'users',
  'open',
  'merge',
  'gate',
  'functions',
  'soak',
  'collector',
  'outputs',
] as const;

/** Long enough that starting up (about 1 s of CPU in Node) is small, short enough that all of it takes a quarter of an hour. */
const FULL = { seconds: 10, shortSeconds: 2, rounds: 3, rateSeconds: 5, ownSeconds: 10, merge: 1, soakHours: 8 };

/** For a look whether everything still works; its figures are not to be quoted. */
const QUICK = { seconds: 1, shortSeconds: 0, rounds: 1, rateSeconds: 1, ownSeconds: 3, merge: 0.02, soakHours: 0.5 };

const USERS = 50;

/** A rate where the slowest was not measured: below what any of the peers carries on a core. */
const RATE_UNMEASURED = 400;
const CAPACITY_UNMEASURED = 60_000;

interface Bench {
  readonly format: 'plimsoll.bench.v1';
  readonly machine: Machine;
  readonly quick: boolean;
  readonly server: string;
  readonly missing: readonly Pick<Peer, 'name' | 'install'>[];
  readonly cases: readonly CaseResult[];
  readonly own: readonly OwnRow[];
  readonly loadAverageAtEnd: number;
}

async function bench(options: Options): Promise<Bench> {
  const { found, missing } = await findPeers(options.only);
  for (const { name, install } of missing) say(`${name} is not installed; to get it: ${install}`);
  await using server = (await nginx(findCommand('nginx') ?? findCommand('/usr/sbin/nginx'))) ?? (await ownServer());
  say(`server: ${server.name}; ${machine().placing}`);
  const cases = await runCases(options, found, server);
  const own = await runOwn(options, server, capacityIn(cases));
  return {
    format: 'plimsoll.bench.v1',
    machine: machine(),
    quick: options.quick,
    server: server.name,
    missing: missing.map(({ name, install }) => ({ name, install })),
    cases,
    own,
    loadAverageAtEnd: loadAverage(),
  };
}

async function runCases({ quick, parts }: Options, found: readonly Found[], server: Server): Promise<CaseResult[]> {
  const { seconds, shortSeconds, rounds, rateSeconds } = quick ? QUICK : FULL;
  const results: CaseResult[] = [];
  const closed = { users: USERS, perSecond: 1, seconds, shortSeconds, rounds };
  const run = async (plan: Plan): Promise<void> => {
    if (parts.includes(plan.work)) results.push(await runCase(plan, found, server));
  };
  await run({ ...closed, work: 'get' });
  await run({ ...closed, work: 'scenario' });
  const perSecond = results[0]?.plan.work === 'get' ? halfOfSlowest(results[0], found) : RATE_UNMEASURED;
  // A short run beside so short a one tells nothing; what starting up costs stands in the first case.
  await run({ ...closed, work: 'rate', perSecond, seconds: rateSeconds, shortSeconds: 0 });
  return results;
}

/** What Plimsoll does with a whole core, starting up included; others at work on the machine don't lower it. */
const capacityIn = (cases: readonly CaseResult[]): number =>
  cases.find(({ plan }) => plan.work === 'get')?.entries.find(({ peer }) => peer === 'Plimsoll')?.row
    .requestsPerCoreSecond ?? CAPACITY_UNMEASURED;

async function runOwn({ quick, parts }: Options, { origin }: Server, capacity: number): Promise<OwnRow[]> {
  const { ownSeconds, merge, soakHours } = quick ? QUICK : FULL;
  const rows: readonly (readonly [string, () => Promise<OwnRow>])[] = [
    ['users', () => manyUsers(origin, ownSeconds)],
    ['open', () => halfLoad(origin, capacity, ownSeconds)],
    ['merge', () => mergeRow(merge)],
    ['gate', () => gateRow(merge)],
    ['functions', () => functionsRow()],
    ['soak', () => soakRow(soakHours)],
    ['collector', () => collectorRow(quick ? 5 : 60)],
    ['outputs', () => outputsRow(origin, ownSeconds)],
  ];
  const results: OwnRow[] = [];
  for (const [part, run] of rows) {
    if (!parts.includes(part)) continue;
    const row = await run();
    say(`${row.name}: ${row.measured} (goal: ${row.goal})`);
    results.push(row);
  }
  return results;
}

const TITLES = {
  get: (plan: Plan) => `One GET, closed loop, ${plan.users} keep-alive connections`,
  scenario: (plan: Plan) => `Five steps with login token, captures and checks, closed loop, ${plan.users} users`,
  rate: (plan: Plan) => `One GET at ${plan.perSecond} requests a second`,
} satisfies Record<Plan['work'], (plan: Plan) => string>;

function markdown(result: Bench): string {
  const { system, cpu, cores, memoryGiB, node, date, placing } = result.machine;
  const cases = result.cases.flatMap((each) => {
    const { plan, remarks } = each;
    const how = `${plan.rounds} interleaved rounds of ${plan.seconds} s, medians; load average up to ${each.loadAverage}.`;
    const figures = plan.work === 'rate' ? rateTable(each) : costTable(each);
    return [`## ${TITLES[plan.work](plan)}`, how, figures, ...remarks.map((remark) => `- ${remark}.`)];
  });
  const missing = result.missing.map(({ name, install }) => `- not installed: ${name} (${install})`);
  const head = `${date}: ${system}; ${cores} cores (${cpu}), ${memoryGiB} GiB; Node ${node}. Server: ${result.server}; ${placing}.`;
  const goals = ['## Goals', goalTable(result.cases, result.own)];
  return `${['# Benchmark', head, ...missing, ...cases, ...goals].join('\n\n').replaceAll('\n\n- ', '\n- ')}\n`;
}

process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
process.on('uncaughtException', (error) => process.exit(reportError(error)));
const options = optionsFrom(process.argv.slice(2), 'bench', PARTS);
const result = await bench(options);
await mkdir(options.out, { recursive: true });
await writeFile(join(options.out, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
await writeFile(join(options.out, 'bench.md'), markdown(result));
process.stdout.write(markdown(result));
say(`written to ${options.out}`);
