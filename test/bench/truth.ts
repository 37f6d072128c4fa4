import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportError } from '../../bin/terminal.ts';
import { fileURLToPath } from 'node:url';
import { onServerCore } from './cores.ts';
import { loadAverage, machine, type Machine } from './machine.ts';
import { findPeers, optionsFrom } from './options.ts';
import type { Reported } from './peers/peer.ts';
import { numberAt } from './peers/peer.ts';
import { start } from './processes.ts';
import { inFolder, type Found } from './runner.ts';
import { say } from './say.ts';
import { freePort, untilListening } from './server/ports.ts';
import { ms, table } from './table.ts';
import type { Behaviour } from './truth/behaviour.ts';
import { behaviours } from './truth/behaviours.ts';
import { truthOf, type Percentiles } from './truth/distribution.ts';
import { judge, type Judgement } from './truth/judgement.ts';

/** `npm run bench:truth`: what each tool reports of servers whose truth can be computed. */
const PROGRAM = fileURLToPath(new URL('truth/server-process.ts', import.meta.url));

/** Connections of the tools whose number is fixed, as in the benchmark; open ones take as many as they need. */
const USERS = 50;

interface Told {
  readonly peer: string;
  readonly version: string;
  /** Whether its load waits for no reply; a tool without a rate of its own runs a closed loop. */
  readonly load: 'open' | 'rate' | 'closed loop';
  readonly servedPerSecond: number;
  readonly served: number;
  readonly serverLateUs: number;
  readonly reported: Reported;
  readonly judgement: Judgement;
}

interface Truth {
  readonly behaviour: Pick<Behaviour, 'name' | 'title' | 'perSecond' | 'seconds'>;
  readonly expected: Percentiles;
  readonly told: readonly Told[];
  readonly brokeDown: readonly string[];
}

async function ask(found: Found, behaviour: Behaviour, expected: Percentiles): Promise<Told> {
  const { peer, path, version } = found;
  const port = await freePort();
  const server = start(onServerCore([process.execPath, PROGRAM, behaviour.name, `${port}`]));
  try {
    await untilListening(port);
    const origin = `http://127.0.0.1:${port}`;
    const { perSecond, seconds } = behaviour;
    const make = peer.works.rate ?? peer.works.get;
    if (make === undefined) throw new TypeError(`${peer.name} can load nothing`);
    const reported = await inFolder(
      path,
      (folder) => make({ origin, folder, perSecond, seconds, users: USERS }),
      (report) => peer.read(report),
    );
    const account: unknown = await (await fetch(`${origin}/account`)).json();
    const served = numberAt(account, 'requests') ?? 0;
    return {
      peer: peer.name,
      version,
      load: peer.works.rate === undefined ? 'closed loop' : peer.open ? 'open' : 'rate',
      served,
      servedPerSecond: served / seconds,
      serverLateUs: numberAt(account, 'worstLateUs') ?? 0,
      reported,
      judgement: judge(reported, expected),
    };
  } finally {
    await server.stop();
  }
}

async function askAll(behaviour: Behaviour, found: readonly Found[]): Promise<Truth> {
  const { name, title, perSecond, seconds } = behaviour;
  const expected = truthOf(behaviour);
  const told: Told[] = [];
  const brokeDown: string[] = [];
  for (const each of found) {
    try {
      const answer = await ask(each, behaviour, expected);
      told.push(answer);
      say(
        `${name} ${each.peer.name}: p99 ${ms(answer.reported.p99Us)} of ${ms(expected.p99Us)} ms; ${answer.judgement.words}`,
      );
    } catch (error) {
      brokeDown.push(`${each.peer.name} broke down: ${error instanceof Error ? error.message : String(error)}`);
      say(brokeDown.at(-1) ?? '');
    }
  }
  return { behaviour: { name, title, perSecond, seconds }, expected, told, brokeDown };
}

const off = (ratio: number | undefined): string =>
  ratio === undefined ? '' : ` (${ratio > 0 ? '+' : ''}${(ratio * 100).toFixed(1)} %)`;

function markdownOf({ behaviour, expected, told, brokeDown }: Truth): string {
  const truth = [
    '**truth**',
    'open',
    `${behaviour.perSecond}`,
    ms(expected.p50Us),
    ms(expected.p99Us),
    ms(expected.p999Us),
    '',
  ];
  const rows = told.map(({ peer, version, load, servedPerSecond, reported, judgement }) => [
    `${peer} ${version}`,
    load,
    servedPerSecond.toFixed(1),
    `${ms(reported.p50Us)}${off(judgement.p50Off)}`,
    `${ms(reported.p99Us)}${off(judgement.p99Off)}`,
    `${ms(reported.p999Us)}${off(judgement.p999Off)}`,
    judgement.words,
  ]);
  const late = Math.max(0, ...told.map(({ serverLateUs }) => serverLateUs));
  return [
    `## ${behaviour.title}`,
    `${behaviour.perSecond} requests a second for ${behaviour.seconds} s. The server's replies were at most ${(late / 1000).toFixed(1)} ms late by its own account.`,
    table(['tool', 'load', 'requests/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'says'], [truth, ...rows]),
    ...brokeDown.map((sentence) => `- ${sentence}.`),
  ].join('\n\n');
}

function markdown(about: Machine, truths: readonly Truth[], load: number): string {
  const { date, system, cpu, cores, node, placing } = about;
  const head = `${date}: ${system}; ${cores} cores (${cpu}); Node ${node}; ${placing}; load average at the end ${load}.`;
  return `${['# Truth', head, ...truths.map(markdownOf)].join('\n\n')}\n`;
}

process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
process.on('uncaughtException', (error) => process.exit(reportError(error)));
const options = optionsFrom(
  process.argv.slice(2),
  'bench:truth',
  behaviours.map(({ name }) => name),
);
const { found, missing } = await findPeers(options.only);
for (const { name, install } of missing) say(`${name} is not installed; to get it: ${install}`);
const truths: Truth[] = [];
for (const behaviour of behaviours.filter(({ name }) => options.parts.includes(name))) {
  truths.push(
    await askAll(options.quick ? { ...behaviour, seconds: Math.min(10, behaviour.seconds) } : behaviour, found),
  );
}
const [about, load] = [machine(), loadAverage()];
await mkdir(options.out, { recursive: true });
const json = {
  format: 'plimsoll.truth.v1',
  machine: about,
  loadAverage: load,
  missing: missing.map(({ name }) => name),
  truths,
};
await writeFile(join(options.out, 'truth.json'), `${JSON.stringify(json, null, 2)}\n`);
await writeFile(join(options.out, 'truth.md'), markdown(about, truths, load));
process.stdout.write(markdown(about, truths, load));
say(`written to ${options.out}`);
