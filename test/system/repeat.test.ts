import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Comparison } from '../../lib/analysis/compare/compare.ts';
import type { Repeats } from '../../lib/analysis/compare/repeats.ts';
import { exitCodeOfVerdict } from '../../bin/terminal.ts';
import { gravest } from '../../lib/analysis/verdict.ts';
import { exitCodes } from '../../lib/errors.ts';
import { CommandLine, type Ended, Workplace } from './command-line.ts';

const planText = (target: string, limit: string): string => `
name: twice
target: ${target}
scenarios: [{ name: a, steps: [{ get: / }] }]
phases: [{ name: short, kind: sustained, duration: 400ms, open: { rate: 50 }, objectives: [p50 < ${limit}] }]
`;

let place: Workplace;
let server: Server;
let plan: string;
let failing: string;
/** Five runs of one plan. */
let five: Ended;

const plimsoll = (...args: readonly string[]): Promise<Ended> => new CommandLine(args).ended;
const at = (...names: readonly string[]): string => join(place.path, ...names);

beforeAll(async () => {
  place = await Workplace.make();
  server = createServer((_, reply) => void reply.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  plan = await place.write('plan.yaml', planText(target, '10s'));
  failing = await place.write('failing.yaml', planText(target, '1us'));
  five = await plimsoll('run', plan, '--repeat', '5', '--out', at('five'), '--json');
}, 120_000);

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await place[Symbol.asyncDispose]();
});

test('repeats are runs of their own in one folder, and say how much they differ', async () => {
  const { runs, verdict, phases } = JSON.parse(five.out) as Repeats;
  expect([five.code, runs.length]).toEqual([exitCodeOfVerdict[verdict], 5]);
  expect(new Set(runs.map(({ id }) => id)).size).toBe(5);
  expect(phases[0]?.subjects[0]?.figures.find(({ figure }) => figure === 'throughput')?.values).toHaveLength(5);
  expect(five.err).toMatch(/Run 2 of 5\n[^]*Run 2 of 5: \w+\./);
  for (const name of ['1/report.html', '5/summary.json', 'repeats.json', 'repeats.md'])
    expect([name, existsSync(at('five', name))]).toEqual([name, true]);
});

test('a folder of repeats stands for its runs, on either side and as the noise', async () => {
  const [folders, pair, page, listed] = await Promise.all([
    plimsoll('compare', at('five'), at('five'), '--json'),
    plimsoll('compare', at('five', '1'), at('five', '2'), '--noise', at('five'), '--json'),
    plimsoll('compare', at('five', '1'), at('five', '2'), '--format', 'html'),
    plimsoll('list', place.path),
  ]);
  const [all, two] = [folders, pair].map(({ out }) => JSON.parse(out) as Comparison);
  expect([all?.baselines.length, all?.runs.length, all?.noise.length]).toEqual([5, 5, 0]);
  // Those that are compared are no noise of their own.
  expect([two?.baselines.length, two?.runs.length, two?.noise.length, two?.isNoiseKnown]).toEqual([1, 1, 3, true]);
  expect(page.out).toMatch(/<title>\w+: .*-twice-2, Plimsoll comparison<\/title>/);
  expect(page.out).toMatch(/id="chart-data"[^]*"phase|"frame"/);
  expect(listed.out.match(/twice {2}five\/\d$/gm)).toHaveLength(5);
});

test('the exit code is that of the gravest run; a folder that holds runs already is refused, as are wrong numbers', async () => {
  const [failed, used, one] = await Promise.all([
    plimsoll('run', failing, '--repeat', '2', '--out', at('failed')),
    plimsoll('run', plan, '--repeat', '2', '--out', at('five')),
    plimsoll('run', plan, '--repeat', '1'),
  ]);
  // A machine that is busy may make either of them void.
  const verdicts = await Promise.all(['1', '2'].map(async (name) => (await place.summary(`failed/${name}`)).verdict));
  expect(failed.code).toBe(exitCodeOfVerdict[gravest(verdicts)]);
  expect(failed.code).not.toBe(exitCodes.passed);
  expect([used.code, used.err]).toEqual([exitCodes.usage, expect.stringMatching(/five holds runs already/)]);
  expect([one.code, one.err]).toEqual([exitCodes.usage, expect.stringContaining('from 2 to 99, not 1')]);
});

test('Ctrl-C keeps what was run, and begins nothing more', async () => {
  const running = new CommandLine(['run', plan, '--repeat', '9', '--out', at('cut')]);
  await running.said('Run 2 of 9');
  running.kill('SIGINT');
  const { code } = await running.ended;
  expect([code, existsSync(at('cut', '1', 'summary.json')), existsSync(at('cut', '3'))]).toEqual([
    exitCodes.interrupted,
    true,
    false,
  ]);
});
