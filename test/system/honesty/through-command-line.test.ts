import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { exitCodeOfVerdict } from '../../../bin/terminal.ts';
import { decodeInterval, parseInterval } from '../../../lib/measure/codec.ts';
import { allSteps } from '../../../lib/measure/interval.ts';
import { type Measurement, MeasurementBuilder } from '../../../lib/measure/measurement.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { Summary } from '../../../lib/report/summary.ts';
import { folderKeys } from '../../../lib/run/archive/keys.ts';
import { CommandLine, Workplace, type Ended } from '../command-line.ts';
import type { Behaviour } from './behaviour.ts';
import { behaviours } from './behaviours/index.ts';
import { liesIn } from './lies.ts';
import { pathsOf, planInputFor, type LoadKind, type Seen } from './run-behaviour.ts';
import { MisbehavingServer } from './server.ts';

/** One or two of every class, so that every way from the wire to the exit code is walked once. */
const CHOSEN: readonly (readonly [name: string, kind: LoadKind])[] = [
  ['chunked, sound', 'solo'],
  ['body cut short of its content-length, FIN', 'solo'],
  ['body dripping a byte at a time, never done', 'solo'],
  ['close-delimited body, RST', 'solo'],
  ['10,000 headers', 'solo'],
  ['a second reply, in the same packet', 'mixed'],
  ['gzip, broken', 'solo'],
  ['every second request 500', 'mixed'],
  ['closes every third connection at once', 'mixed'],
  ['accepts and closes at once', 'solo'],
  ['dies in mid-run', 'mixed'],
  ['TLS, sound', 'mixed'],
  ['TLS, unknown authority', 'solo'],
];

interface Run {
  readonly seen: Seen;
  readonly summary: Summary;
  readonly ended: Ended;
}

const all = Object.values(behaviours).flat();
const runs = new Map(CHOSEN.map(([name]) => [name, Promise.withResolvers<Run>()]));

/** The run's raw intervals as kept in its folder, put together again. */
async function measurementOf(folder: string, seconds: number): Promise<Measurement> {
  const text = await readFile(join(folder, folderKeys.phase(0).intervals(0, 0)), 'utf8');
  const builder = new MeasurementBuilder(seconds);
  for (const line of text.trim().split('\n')) {
    const interval = parseInterval(JSON.parse(line));
    builder.add(interval.second, decodeInterval(interval));
  }
  return builder.build();
}

async function runOnce(behaviour: Behaviour, kind: LoadKind): Promise<Run> {
  await using workplace = await Workplace.make();
  const server = new MisbehavingServer(behaviour);
  await server.listen();
  const input = planInputFor(kind, behaviour);
  const { pem } = behaviour.tls ?? {};
  const ca = pem === undefined ? undefined : await workplace.write('ca.pem', pem);
  const written = { ...input, target: server.url, ...(ca !== undefined && { tls: { ca } }) };
  const path = await workplace.write('plan.yaml', JSON.stringify(written));
  const folder = join(workplace.path, 'out');
  const ended = await new CommandLine(['run', path, '--out', folder]).ended;
  await server.close();
  const plan = lowerPlan(input, { feeders: [] });
  const [phase] = plan.phases;
  if (phase === undefined) throw new RangeError('no phase');
  const ranSeconds = phase.durationUs / 1e6;
  const outcome = { phase, startedAtMs: 0, ranSeconds, measurement: await measurementOf(folder, ranSeconds) };
  const seen = { behaviour, plan, outcome, account: server.account, paths: pathsOf(plan) };
  return { seen, ended, summary: await workplace.summary('out') };
}

/** Again where the generator was not let run for the whole of a phase, and sent nothing: that proves nothing. */
async function runUntilSent(behaviour: Behaviour, kind: LoadKind): Promise<Run> {
  let run = await runOnce(behaviour, kind);
  for (let again = 0; again < 3 && run.seen.outcome.measurement.total.steps.size === 0; again += 1) {
    run = await runOnce(behaviour, kind);
  }
  return run;
}

/** Two at a time: a process each, on two cores. */
async function work(queue: Iterator<(typeof CHOSEN)[number]>): Promise<void> {
  for (let next = queue.next(); next.done !== true; next = queue.next()) {
    const [name, kind] = next.value;
    const settled = runs.get(name);
    const behaviour = all.find((each) => each.name === name);
    if (behaviour === undefined) settled?.reject(new Error('no such behaviour'));
    else await runUntilSent(behaviour, kind).then(settled?.resolve, settled?.reject);
  }
}

beforeAll(() => {
  const queue = CHOSEN.values();
  void work(queue);
  void work(queue);
});

test.each(CHOSEN)('%s (%s), by the command line', async (name) => {
  const run = await runs.get(name)?.promise;
  if (run === undefined) throw new Error('it was not run');
  const { seen, summary, ended } = run;
  expect(liesIn(seen)).toEqual([]);
  expect(summary.phases[0]?.ledger).toEqual(allSteps(seen.outcome.measurement.total).ledger);
  expect(summary.phases[0]?.arrivals).toEqual(seen.outcome.measurement.total.arrivals);
  expect(ended.code).toBe(exitCodeOfVerdict[summary.verdict]);
  expect(summary.phases[0]?.ledger.ok === 0 && ended.code === 0).toBe(false);
});
