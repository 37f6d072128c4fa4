import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProbeRow } from '../../../lib/analysis/capacity/capacity.ts';
import { CommandLine, Workplace } from '../command-line.ts';
import { synthesisedDefinitions } from './definitions.ts';
import type { Json } from './execute.ts';
import { HealthServer } from './health-server.ts';
import { LocalCloud } from './local-cloud.ts';
import { realGenerator } from './real-generator.ts';

const definitions = synthesisedDefinitions();
let server: HealthServer;
let cloud: LocalCloud;

const open = (): LocalCloud =>
  (cloud = new LocalCloud({ definitions, target: server.url, generate: realGenerator, workers: 2 }));

/** A search that two probes end, since its highest rate is the lowest as well. */
const SEARCH: { [name: string]: Json } = {
  name: 'searched',
  objectives: ['p99 < 2s', 'errors < 1%'],
  scenarios: [{ name: 'browse', steps: [{ get: '/jobs' }] }],
  capacity: { from: 20, max: 20 },
};

/** Names of a value's fields and of those in them; elements of a list count as one. What is void or piles up does so by chance. */
const BY_CHANCE = new Set(['void', 'inconsistent']);

function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => fieldsOf(each, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => (BY_CHANCE.has(key) ? [] : fieldsOf(inner, `${path}.${key}`)));
}

const planWith = (...phases: Json[]): Json => ({
  plan: {
    name: 'loaded',
    scenarios: [
      { name: 'browse', steps: [{ get: '/jobs' }, { pause: '20ms' }, { get: '/jobs/{{ $user }}', name: 'job' }] },
    ],
    phases,
  },
});

describe('the workflow under load', () => {
  beforeAll(async () => {
    server = await HealthServer.start();
  });
  afterEach(() => cloud.dispose());
  afterAll(() => server.close());

  describe('with two real generators', () => {
    test('what both measured is what was planned, of arrivals and of users', async () => {
      const before = server.arrivedAtMs.length;
      await open().start(
        planWith(
          { name: 'warm', kind: 'warm-up', duration: '2s', open: { ramp: { from: 5, to: 30 } } },
          { name: 'steady', kind: 'sustained', duration: '2s', open: { rate: 31 } },
          { name: 'users', kind: 'sustained', duration: '2s', closed: { users: 3 } },
        ),
      ).whole;
      const { phases = [] } = (await cloud.summary()) ?? {};
      // The ramp's mean is 17.5 a second, for 2 s; 31 a second for 2 s.
      expect(phases.slice(0, 2).map(({ arrivals }) => arrivals.due)).toEqual([35, 62]);
      expect(phases[2]?.peakUsers).toBe(3);
      expect(phases.reduce((sum, { ledger }) => sum + ledger.sent, 0)).toBe(server.arrivedAtMs.length - before);
      expect(cloud.tasksLeft).toBe(0);
    }, 60_000);

    test('a search has the fields that the command line writes, and asks for the same probes', async () => {
      await using place = await Workplace.make();
      const path = await place.write('searched.json', JSON.stringify({ ...SEARCH, target: server.url }));
      await new CommandLine(['capacity', path, '--out', join(place.path, 'laptop')]).ended;
      const { capacity: local } = await place.summary('laptop');
      const { execution } = await open().start({ plan: SEARCH, capacity: true }).whole;
      const { capacity: inCloud } = (await cloud.summary()) ?? {};
      // No failure up to the highest rate is no capacity.
      expect([local?.verdict, inCloud?.verdict, execution.error]).toEqual(['unknown', 'unknown', 'NoVerdict']);
      expect(new Set(fieldsOf(inCloud))).toEqual(new Set(fieldsOf(local)));
      const asked = (probes: readonly ProbeRow[] = []): string[] =>
        Array.from(
          new Set(
            probes.flatMap(({ purpose, perSecond, ...probe }) =>
              probe.void === undefined ? [`${purpose} ${perSecond}`] : [],
            ),
          ),
        );
      expect(asked(inCloud?.probes)).toEqual(asked(local?.probes));
      expect(asked(inCloud?.probes)).toEqual(['warm-up 20', 'bracket 20']);
    }, 90_000);

    test('a stop ends the load within five seconds, as the target sees it, and leaves no process', async () => {
      const long = { name: 'long', kind: 'sustained', duration: '120s', open: { rate: 50 } };
      const before = server.arrivedAtMs.length;
      const running = open().start(planWith(long));
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
