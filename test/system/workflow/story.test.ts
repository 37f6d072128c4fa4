import { Client } from 'pg';
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
import { watcherStatement } from '../../../target/seed/watcher.ts';
import { Endpoint } from '../../lib/adapters/aws/endpoint.ts';
import { realCollector, tasksAt } from './real-collector.ts';
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

/**
 * What a laptop alone reads: its own machine, the service's memory against that machine's, and its health (in AWS these two are CloudWatch's, of the
 * tasks and the balancer). The last one is there after the first of its collections.
 */
const NOT_COLLECTED = new Set(['host.cpu', 'service.memory', 'service.unhealthy', 'service.collections']);

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

/** Addresses for who watches: the database by the role that the seed makes on RDS, of which this server has only the other role's name. */
async function watchedOf({ address }: BuiltInTarget): Promise<{ database: string; cache: string }> {
  const client = new Client({ connectionString: address.database });
  await client.connect();
  await client.query('CREATE ROLE rds_iam');
  await client.query(watcherStatement);
  await client.end();
  const url = new URL(address.database);
  url.username = 'plimsoll_watch';
  return { database: url.href, cache: address.cache.url };
}

describe('the plan of `npm start`, once as the command line runs it and once as the workflow does', () => {
  let place: Workplace;
  let target: BuiltInTarget;
  let metrics: LocalMetrics;
  let cloud: LocalCloud;
  let ecs: Endpoint;
  let laptop: Summary;
  let whole: Whole;
  let watched: Ended;
  let summary: Summary;
  let run: string;

  const kept = async (name: string): Promise<string> => (await textAt(cloud.store, runKeys(run).file(name))) ?? '';

  beforeAll(async () => {
    place = await Workplace.make();
    const written = await readFile('plans/laptop.yaml', 'utf8');
    const plan = written.replaceAll(/duration: (\d+)s/g, (_, s) => `duration: ${(Number(s) * 1000) / SHORTER}ms`);
    const path = await place.write('laptop.yaml', plan);
    await copyFile('plans/accounts.csv', join(place.path, 'accounts.csv'));
    await new CommandLine(['run', path, '--out', join(place.path, 'laptop')]).ended;
    laptop = await place.summary('laptop');

    const log = { logFile: join(place.path, 'log'), say: () => undefined };
    target = await BuiltInTarget.start(log, AbortSignal.timeout(60_000));
    const { url, metrics: told } = target.address;
    metrics = new LocalMetrics(new URL(told));
    const described = tasksAt('127.0.0.1');
    ecs = await Endpoint.open((reply, { operation }) => void reply.end(JSON.stringify(described[operation])));
    const collect = realCollector({ ecs, port: Number(new URL(url).port), ...(await watchedOf(target)) });
    const definitions = synthesisedDefinitions();
    cloud = new LocalCloud({ definitions, target: url, generate: realGenerator, metrics, collect });
    await cloud.store.put('plans/laptop.yaml', plan);
    await cloud.store.put('plans/accounts.csv', await readFile('plans/accounts.csv'));
    const running = cloud.start({ plan: 'laptop' });
    await cloud.loaded(2);
    run = await cloud.onlyRun();
    const watching = new CommandLine(['cloud', 'watch', '--bucket', pathToFileURL(cloud.folder).href]);
    whole = await running.whole;
    watched = await watching.ended;
    summary = JSON.parse(await kept('summary.json')) as Summary;
  }, 300_000);

  afterAll(async () => {
    await metrics[Symbol.asyncDispose]();
    await target.stop();
    ecs.close();
    cloud.dispose();
    await place[Symbol.asyncDispose]();
  });

  test('goes from state to state to the end that its verdict asks for, and leaves no task', () => {
    const phases = Array.from({ length: 4 }, () => ['Load', 'Gate', 'HavePhase?']).flat();
    const end = END_OF[summary.verdict];
    const { execution } = whole;
    expect(execution.states).toEqual([
      'Prepare',
      'HavePhase?',
      'HaveCollector?',
      'Collect',
      'HaveSetup?',
      ...phases,
      'SendLast',
      'Report',
      'Verdict?',
      end,
    ]);
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

  test('the report holds the signals and the statements of the laptop’s, field by field', async () => {
    const local = JSON.parse(await readFile(join(place.path, 'laptop', 'report.json'), 'utf8')) as Report;
    const inCloud = JSON.parse(await kept('report.json')) as Report;
    const shown = ({ signals }: Report) =>
      signals
        .filter(({ id }) => !NOT_COLLECTED.has(id))
        .map(({ points, ...rest }) => ({ ...rest, isRead: points.length > 0 }));
    expect(shown(inCloud)).toEqual(shown(local));
    expect(shown(inCloud).length).toBeGreaterThan(30);
    const fields = ({ statements }: Report): string[] => statements.flatMap((each) => Object.keys(each));
    expect(new Set(fields(inCloud))).toEqual(new Set(fields(local)));
    // Which is the tenth is chance; most are the same.
    const texts = new Set(local.statements.map(({ text }) => text));
    expect(inCloud.statements.filter(({ text }) => texts.has(text)).length).toBeGreaterThan(texts.size / 2);
  });

  test('whoever watched it saw each phase, the verdict, and its exit code', () => {
    expect(watched.code).toBe(exitCodeOfVerdict[summary.verdict]);
    for (const { name } of summary.phases)
      expect(watched.err).toMatch(new RegExp(`^${name}: \\w+, .* req/s, p99 `, 'm'));
  });
});
