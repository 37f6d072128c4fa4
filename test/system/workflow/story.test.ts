import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodeOfVerdict } from '../../../bin/terminal.ts';
import { BuiltInTarget } from '../../../lib/adapters/node/built-in-target.ts';
import { openEntries } from '../../../lib/measure/ledger.ts';
import type { Report } from '../../../lib/report/report.ts';
import type { Summary } from '../../../lib/report/summary.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { textAt } from '../../../lib/run/archive/store.ts';
import { CommandLine, type Ended, Workplace } from '../command-line.ts';
import { synthesisedDefinitions } from './definitions.ts';
import { type Ended as Whole, LocalCloud } from './local-cloud.ts';
import { LocalMetrics } from './local-metrics.ts';
import { realGenerator } from './real-generator.ts';

/** `npm start` takes ninety seconds; its phases here are a fifth of it. */
const SHORTER = 5;

/**
 * In a summary or not by how busy this machine is: a void phase has reasons, and shows neither break, recovery nor causes. Health is
 * asked of the service here, and of its balancer there.
 */
const BY_CHANCE =
  /^\.(?:recovery|breakingPoint|bottleneck|diagnosis|health)\b|\.(?:reasons|doubts|failures|failuresByClass|examples|cases)\b/;

/** Every path to a value of a summary; elements of a list count as one. */
function pathsIn(value: unknown, path = ''): string[] {
  if (BY_CHANCE.test(path)) return [];
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    pathsIn(inner, Array.isArray(value) ? `${path}[]` : `${path}.${key}`),
  );
}

/** All of a summary that the plan fixes, and no machine: how many arrivals are due, too. */
const fixedIn = ({ format, plan, phases }: Summary) => ({
  format,
  plan,
  phases: phases.map(({ name, kind, model, load, durationSeconds, arrivals, objectives, scenarios }) => ({
    name,
    kind,
    model,
    load,
    durationSeconds,
    due: arrivals.due,
    objectives: objectives.map(({ objective }) => objective),
    steps: scenarios.map((scenario) => [scenario.name, scenario.steps.map((step) => step.name)]),
  })),
});

const END_OF = {
  pass: 'Passed',
  warn: 'Passed',
  fail: 'ObjectivesFailed',
  void: 'NoVerdict',
  unknown: 'NoVerdict',
} as const;

describe('the plan of `npm start`, once as the command line runs it and once as the workflow does', () => {
  let place: Workplace;
  let target: BuiltInTarget;
  let metrics: LocalMetrics;
  let cloud: LocalCloud;
  let laptop: Summary;
  let whole: Whole;
  let watched: Ended;
  let summary: Summary;
  let run: string;

  const kept = async (name: string): Promise<string> => (await textAt(cloud.store, runKeys(run).file(name))) ?? '';

  beforeAll(async () => {
    place = await Workplace.make();
    // The workflow sends no checks after the load.
    const [written = ''] = (await readFile('plans/laptop.yaml', 'utf8')).split(/^checks:/m);
    const plan = written.replaceAll(/duration: (\d+)s/g, (_, s) => `duration: ${(Number(s) * 1000) / SHORTER}ms`);
    const path = await place.write('laptop.yaml', plan);
    await copyFile('plans/accounts.csv', join(place.path, 'accounts.csv'));
    await new CommandLine(['run', path, '--out', join(place.path, 'laptop')]).ended;
    laptop = await place.summary('laptop');

    const log = { logFile: join(place.path, 'log'), say: () => undefined };
    target = await BuiltInTarget.start(log, AbortSignal.timeout(60_000));
    const { url, metrics: told } = target.address;
    metrics = new LocalMetrics(new URL(told));
    cloud = new LocalCloud({ definitions: synthesisedDefinitions(), target: url, generate: realGenerator, metrics });
    await cloud.store.put('plans/laptop.yaml', plan);
    await cloud.store.put('plans/accounts.csv', await readFile('plans/accounts.csv'));
    const running = cloud.start({ plan: 'laptop' });
    await cloud.loaded(2);
    run = await cloud.onlyRun();
    const watching = new CommandLine(['cloud', 'watch', '--bucket', pathToFileURL(cloud.folder).href]);
    whole = await running.whole;
    watched = await watching.ended;
    summary = JSON.parse(await kept('summary.json')) as Summary;
  }, 180_000);

  afterAll(async () => {
    await metrics[Symbol.asyncDispose]();
    await target.stop();
    cloud.dispose();
    await place[Symbol.asyncDispose]();
  });

  test('goes from state to state to the end that its verdict asks for, and leaves no task', () => {
    const phases = Array.from({ length: 4 }, () => ['Load', 'Gate', 'HavePhase?']).flat();
    const end = END_OF[summary.verdict];
    const { execution } = whole;
    expect(execution.states).toEqual(['Prepare', 'HavePhase?', ...phases, 'Report', 'Verdict?', end]);
    expect(execution.retried).toEqual([]);
    expect(execution).toMatchObject(
      end === 'Passed' ? { status: 'SUCCEEDED', output: { verdict: summary.verdict } } : { error: end },
    );
    expect(cloud.tasksLeft).toBe(0);
  });

  test('its summary has the fields that the command line writes', () => {
    expect(new Set(pathsIn(summary))).toEqual(new Set(pathsIn(laptop)));
    expect(fixedIn(summary)).toEqual(fixedIn(laptop));
  });

  test('every phase was loaded, and its ledger closes', () => {
    expect(summary.phases.map(({ kind }) => kind)).toEqual(['warm-up', 'sustained', 'stress', 'recovery']);
    for (const { arrivals, ledger } of summary.phases) {
      expect(openEntries(arrivals, ledger)).toEqual([]);
      expect(ledger.ok).toBeGreaterThan(0);
    }
  });

  test('the checklist asked the service, its database, its cache, and what watches it', async () => {
    const { items } = JSON.parse(await kept('checklist.json')) as { items: { id: string; verdict: string }[] };
    const passed = items.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);
    expect(passed).toEqual(['target', 'database-reached', 'cache-reached', 'quota', 'alarms', 'monitoring']);
  });

  test('the report is there in every format, with what the service said of itself', async () => {
    const { headline, signals } = JSON.parse(await kept('report.json')) as Report;
    const cpu = signals.find(({ id }) => id === 'service.cpu');
    expect(Math.max(...(cpu?.points ?? []).map(([, value]) => value))).toBeGreaterThan(0);
    for (const file of ['report.html', 'report.md', 'intervals.csv', 'junit.xml'])
      expect((await kept(file)).length).toBeGreaterThan(100);
    expect(cloud.notices).toEqual([`local: laptop ${summary.verdict}`]);
    expect(watched.out.replaceAll(/\s+/g, ' ')).toContain(headline);
  });

  test('whoever watched it saw each phase, the verdict, and its exit code', () => {
    expect(watched.code).toBe(exitCodeOfVerdict[summary.verdict]);
    for (const { name } of summary.phases)
      expect(watched.err).toMatch(new RegExp(`^${name}: \\w+, .* req/s, p99 `, 'm'));
  });
});
