import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Summary } from '../../../lib/report/summary.ts';
import { runKeys } from '../../../lib/run/keys.ts';
import { textAt } from '../../../lib/run/store.ts';
import { CommandLine } from '../command-line.ts';
import { TaskProcess } from '../task-process.ts';
import { synthesisedDefinitions } from './definitions.ts';
import { HealthServer } from './health-server.ts';
import { type Generate, LocalCloud } from './local-cloud.ts';

const definitions = synthesisedDefinitions();
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-laptop-'));
let server: HealthServer;
let cloud: LocalCloud;

/** The generator as the container runs it, stopped as ECS stops a task. */
const realGenerator: Generate = async (environment, stopped) => {
  const task = new TaskProcess({ PATH: process.env['PATH'] ?? '', ...environment });
  stopped.addEventListener('abort', () => task.kill('SIGTERM'), { once: true });
  return (await task.ended).code ?? 1;
};

const open = (): LocalCloud =>
  (cloud = new LocalCloud({ definitions, target: server.url, generate: realGenerator, workers: 2 }));

const objectives = ['p99 < 5s', 'errors < 1%'];
const story = {
  name: 'story',
  scenarios: [
    { name: 'browse', steps: [{ get: '/jobs' }, { pause: '20ms' }, { get: '/jobs/{{ $user }}', name: 'job' }] },
  ],
  phases: [
    { name: 'warm', kind: 'warm-up', duration: '2s', open: { ramp: { from: 5, to: 30 } } },
    { name: 'steady', kind: 'sustained', duration: '2s', open: { rate: 31 }, objectives },
    { name: 'hard', kind: 'stress', duration: '2s', closed: { users: 4 }, objectives },
    { name: 'calm', kind: 'recovery', duration: '2s', open: { rate: 11 }, objectives },
  ],
};

/** What stands in a summary or not by how busy this machine is: a void phase has reasons, and shows neither break nor recovery. */
const BY_CHANCE = /^\.(?:recovery|breakingPoint|bottleneck)\b|\.reasons\b/;

/** Every path to a value of a summary; elements of a list count as one. */
function pathsIn(value: unknown, path = ''): string[] {
  if (BY_CHANCE.test(path)) return [];
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    pathsIn(inner, Array.isArray(value) ? `${path}[]` : `${path}.${key}`),
  );
}

async function onLaptop(): Promise<Summary> {
  const [plan, out] = [join(folder, 'story.yaml'), join(folder, 'run')];
  writeFileSync(plan, JSON.stringify(story));
  await new CommandLine(['run', plan, '--target', server.url, '--out', out]).ended;
  return JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
}

describe('the workflow under load', () => {
  beforeAll(async () => {
    server = await HealthServer.start();
  });
  afterEach(() => cloud.dispose());
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('with real generators', () => {
    test('warm-up, sustained, stress, recovery, report: as on a laptop', async () => {
      const { execution } = await open().start({ plan: story }).whole;
      expect(execution.states.filter((state) => state === 'Gate')).toHaveLength(4);
      expect(cloud.tasksLeft).toBe(0);
      const keys = runKeys(await cloud.onlyRun());
      const summary = await cloud.summary();
      if (summary === undefined) throw new Error('there is no summary');
      const laptop = await onLaptop();
      expect(new Set(pathsIn(summary))).toEqual(new Set(pathsIn(laptop)));
      const fixed = ({ phases }: Summary) =>
        phases.map(({ name, kind, model, load, arrivals, ledger, objectives: judged }) => ({
          name,
          kind,
          model,
          load,
          // A closed model has as many arrivals as its replies allow.
          ...(model === 'open' && { due: arrivals.due }),
          isWhole: arrivals.dropped === 0 && ledger.failed + ledger.timedOut === 0,
          objectives: judged.map(({ objective }) => objective),
        }));
      expect(fixed(summary)).toEqual(fixed(laptop));
      // 31 a second for 2 s; 11 a second for 2 s; the ramp's mean is 17.5.
      expect(summary.phases.flatMap(({ model, arrivals }) => (model === 'open' ? arrivals.due : []))).toEqual([
        35, 62, 22,
      ]);
      const html = (await textAt(cloud.store, keys.file('report.html'))) ?? '';
      expect(html).toContain('story');
      for (const file of ['report.md', 'intervals.csv', 'junit.xml', 'report.json'])
        expect(await cloud.store.get(keys.file(file))).toBeDefined();
    }, 120_000);

    test('a stop ends the load within five seconds, as the target sees it, and leaves no process', async () => {
      const long = { ...story, phases: [{ name: 'long', kind: 'sustained', duration: '120s', open: { rate: 50 } }] };
      const before = server.arrivedAtMs.length;
      const running = open().start({ plan: long });
      while (server.arrivedAtMs.length < before + 60) await new Promise((resolve) => setTimeout(resolve, 50));
      const stoppedAtMs = Date.now();
      running.abort();
      const { aftermath } = await running.whole;
      expect(aftermath?.states).toEqual(['EndLoad', 'HaveRun?', 'ReportPartial', 'Done']);
      expect(cloud.tasksLeft).toBe(0);
      const lastMs = server.arrivedAtMs.at(-1) ?? 0;
      expect(lastMs - stoppedAtMs).toBeLessThan(5000);
      const summary = await cloud.summary();
      expect(summary?.partial).toBe(true);
      // What the target saw is what was told, but for requests cut on their way.
      const { sent = 0, cut = 0 } = summary?.phases[0]?.ledger ?? {};
      const seen = server.arrivedAtMs.length - before;
      expect(sent - cut).toBeLessThanOrEqual(seen);
      expect(seen).toBeLessThanOrEqual(sent);
    });
  });
});
