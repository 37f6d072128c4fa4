import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodeOfVerdict } from '../../bin/terminal.ts';
import { exitCodes } from '../../lib/errors.ts';
import { decodeInterval, parseInterval } from '../../lib/measure/codec.ts';
import { allSteps, merge } from '../../lib/measure/interval.ts';
import { percentilesOf } from '../../lib/measure/histogram.ts';
import { openEntries } from '../../lib/measure/ledger.ts';
import type { Report } from '../../lib/report/report.ts';
import { seededEmail, seededPassword } from '../../target/seed/accounts.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { CommandLine, Workplace, type Ended } from './command-line.ts';
import { visibleText } from '../lib/report/formats/html/markup.ts';
import { processesMarked, survivorsMarked } from './marked.ts';

/** Seven and a half seconds of what plans/laptop.yaml does in ninety. One error fails it; how fast it is says nothing here. */
const PLAN = `
name: small
target: built-in
objectives: [errors <= 0%, service.cpu mean < 1000%, database.connections max < 1000]
signals: { metrics: /metrics }
scenarios:
  - name: browse
    weight: 3
    steps:
      - { get: /api/jobs, query: { city: "{{ $pick(Leeds, York) }}", limit: 20 } }
      - { pause: 20ms }
      - { get: "/api/jobs/{{ $randomInt(1, 100) }}", name: GET job }
  - name: post
    onStart:
      - { post: /api/auth/login, name: login, json: { email: ${seededEmail(1)}, password: ${seededPassword} } }
    steps: [{ get: /api/jobs, name: GET jobs }, { pause: 20ms }]
phases:
  - { name: warm-up, kind: warm-up, duration: 1s, open: { rate: 10 } }
  - { name: sustained, kind: sustained, duration: 2500ms, closed: { users: 3 } }
  - { name: stress, kind: stress, duration: 1500ms, closed: { ramp: { from: 3, to: 8 } } }
  - { name: recovery, kind: recovery, duration: 2500ms, closed: { users: 2 } }
`;

/** Elsewhere a process's environment can't be read. */
const onLinux = platform() === 'linux';
const mark = `PLIMSOLL_TEST_MARK=${randomUUID()}`;
const [markName = '', markValue = ''] = mark.split('=');
let workplace: Workplace;
let ended: Ended;
let marked: readonly string[] = [];
const read = (name: string): Promise<string> => readFile(join(workplace.path, 'out', name), 'utf8');

beforeAll(async () => {
  workplace = await Workplace.make();
  const path = await workplace.write('plan.yaml', PLAN);
  const command = new CommandLine(['run', path, '--out', join(workplace.path, 'out')], {
    env: { [markName]: markValue, DATABASE_URL: '', REDIS_URL: '' },
  });
  await command.said('warm-up:');
  marked = onLinux ? processesMarked(mark) : [];
  ended = await command.ended;
});
afterAll(() => workplace[Symbol.asyncDispose]());

describe('the main job', () => {
  test('ends as its verdict says, and every objective is met that was measured', async () => {
    const { verdict, phases } = await workplace.summary('out');
    // A machine too busy to keep time voids a phase, and one too busy to be sampled leaves a signal without a reading. That
    // is told, and is no failure of the service.
    expect(['pass', 'void', 'unknown']).toContain(verdict);
    expect(ended.code).toBe(exitCodeOfVerdict[verdict]);
    const judged = phases.flatMap(({ objectives }) => objectives);
    expect(judged.filter(({ objective }) => objective.startsWith('errors')).map((each) => each.verdict)).toEqual([
      'pass',
      'pass',
      'pass', // in 3 phases; the warm-up has no objectives
    ]);
    expect(judged).toHaveLength(9);
    expect(judged.filter((each) => each.verdict !== (each.value === null ? 'unknown' : 'pass'))).toEqual([]);
  });

  test('writes every file, and nothing else', async () => {
    expect((await readdir(join(workplace.path, 'out'))).toSorted()).toEqual([
      '.apart',
      'intervals.csv',
      'junit.xml',
      'metrics.txt',
      'phases',
      'plan.json',
      'report.html',
      'report.json',
      'report.md',
      'run.json',
      'signals.json',
      'summary.json',
      'target.log',
    ]);
    expect(await readdir(workplace.path)).not.toContain('latest');
  });

  test('says what it does on standard error, and the result on standard output', () => {
    expect(ended.err).toContain('starting the service');
    expect(ended.err).toContain('sustained: ');
    expect(ended.out).toMatch(/^\n(?:PASS|VOID|UNKNOWN) {2}/);
  });

  test('closes every ledger, of phases and of their steps, and the steps add up', async () => {
    const { phases } = await workplace.summary('out');
    expect(phases.map(({ name }) => name)).toEqual(['warm-up', 'sustained', 'stress', 'recovery']);
    for (const { arrivals, ledger, scenarios } of phases) {
      const steps = scenarios.flatMap((scenario) => scenario.steps.map((step) => step.ledger));
      const own = steps.map((step) =>
        openEntries({ ...arrivals, due: 0, started: 0, dropped: 0, completed: 0, abandoned: 0, cut: 0 }, step),
      );
      expect([openEntries(arrivals, ledger), ...own].flat()).toEqual([]);
      expect(steps.reduce((sum, { sent }) => sum + sent, 0)).toBe(ledger.sent);
      expect(ledger.sent).toBeGreaterThan(0);
    }
  });

  test('keeps raw intervals that add up to the summary', async () => {
    const { phases } = await workplace.summary('out');
    for (const [number, phase] of phases.entries()) {
      const lines = (await read(folderKeys.phase(number).intervals(0, 0))).trimEnd().split('\n');
      const total = merge(lines.map((line) => decodeInterval(parseInterval(JSON.parse(line)))));
      const all = allSteps(total);
      expect(all.ledger).toEqual(phase.ledger);
      expect(total.arrivals).toEqual(phase.arrivals);
      expect(percentilesOf(all.responseTime)).toEqual(phase.responseTimeUs);
      expect(percentilesOf(all.serviceTime)).toEqual(phase.serviceTimeUs);
    }
  });

  test('measures each phase for as long as it was planned', async () => {
    const { phases } = await workplace.summary('out');
    expect(phases.map(({ durationSeconds }) => durationSeconds)).toEqual([1, 2.5, 1.5, 2.5]);
  });

  test('reads the service, the database, the cache and the machine', async () => {
    const { signals } = JSON.parse(await read('report.json')) as Report;
    const ids = signals.filter(({ points }) => points.length > 0).map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'host.cpu',
        'service.cpu',
        'service.memory',
        'service.event-loop',
        'service.event-loop-use',
        'service.in-flight',
        'service.hashing',
        'service.hashing-cpu',
        'database.pool-use',
        'database.pool-waiting',
        'database.pool-timeouts',
        'database.connections',
        'database.connection-use',
        'database.lock-waits',
        'database.deadlocks',
        'database.commits',
        'database.hit-ratio',
        'cache.hit-ratio',
        'cache.evictions',
        'cache.errors',
      ]),
    );
    const ratios = signals.filter(({ unit, id }) => unit === 'ratio' && id !== 'service.cpu');
    expect(ratios.flatMap(({ points }) => points).filter(([, value]) => value < 0 || value > 1)).toEqual([]);
  });

  test('names the statements of the load, and none of its own', async () => {
    const { statements } = JSON.parse(await read('report.json')) as Report;
    expect(statements.map(({ text }) => text).join('\n')).toMatch(/from jobs/i);
    expect(statements.filter(({ text }) => /pg_stat_|pg_settings/.test(text))).toEqual([]);
    expect(statements.map(({ totalUs }) => totalUs)).toEqual(
      statements.map(({ totalUs }) => totalUs).toSorted((a, b) => b - a),
    );
  });

  test('tells the same in every format', async () => {
    const { headline } = JSON.parse(await read('report.json')) as Report;
    expect(visibleText((await read('report.md')).replaceAll('\\', ''))).toContain(headline);
    expect(visibleText(await read('report.html')).replaceAll('\u{A0}', ' ')).toContain(headline);
    expect(await read('junit.xml')).toContain('<testsuite');
    expect(ended.out.replaceAll(/\s+/g, ' ')).toContain(headline);
    expect((await read('intervals.csv')).trimEnd().split('\n')).toHaveLength(
      1 + (JSON.parse(await read('report.json')) as Report).timeline.flatMap(({ points }) => points).length,
    );
  });

  test('leaves no process behind', async () => {
    // Itself, the stack, the service, its downstream service, the database's guardian and the database at least.
    expect(marked.length).toBeGreaterThan(onLinux ? 5 : -1);
    expect(onLinux ? await survivorsMarked(mark) : []).toEqual([]);
  });
});

test('interrupted while its target starts it says so, and leaves nothing behind', async () => {
  const own = randomUUID();
  const path = await workplace.write('again.yaml', PLAN);
  const command = new CommandLine(['run', path, '--out', join(workplace.path, 'again')], {
    env: { PLIMSOLL_TEST_MARK: own, DATABASE_URL: '', REDIS_URL: '' },
  });
  await command.said('starting PostgreSQL');
  command.kill('SIGINT');
  const { code, err } = await command.ended;
  expect(code).toBe(exitCodes.interrupted);
  expect(err).toContain('E-INTERRUPTED');
  expect(onLinux ? await survivorsMarked(own) : []).toEqual([]);
});
