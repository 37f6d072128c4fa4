import { describe, expect, test } from '@jest/globals';
import packageJson from '../../../package.json' with { type: 'json' };
import { type CheckedLine, checkMachine, type WantedRun } from '../../../bin/doctor/checks.ts';
import { type MachineFacts, quotaIn } from '../../../bin/doctor/facts.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import { CommandLine } from '../../system/command-line.ts';

/** A machine that lacks nothing. */
const SOUND: MachineFacts = {
  node: '24.0.0',
  platform: 'linux-x64',
  cores: 4,
  cpuQuota: undefined,
  memoryBytes: 8 * 2 ** 30,
  sockets: { files: 20_200, ports: 28_232 },
  unwritable: [],
  hasPostgres: true,
  cacheServer: 'redis-server',
  missingPackages: [],
  hasAwsFiles: false,
  variables: new Set(['AWS_PROFILE', 'AWS_REGION']),
};

const plan = (rest: Partial<PlanInput>): WantedRun['plan'] =>
  lowerPlan(
    {
      name: 'own',
      scenarios: [{ name: 'all', steps: [{ get: '/' }] }],
      phases: [{ name: 'peak', kind: 'stress', duration: '10s', closed: { users: 30_000 } }],
      ...rest,
    },
    { feeders: [] },
  );
const elsewhere = plan({ target: 'http://shop.example.test' });
const small = plan({
  phases: [{ name: 'few', kind: 'stress', duration: '10s', closed: { users: 3 } }],
  target: 'built-in',
});

const proxied = plan({
  phases: [{ name: 'few', kind: 'stress', duration: '10s', closed: { users: 3 } }],
  proxy: 'http://127.0.0.1:3128',
});

const lines = (facts: Partial<MachineFacts>, wanted: Partial<WantedRun> = {}): readonly CheckedLine[] =>
  checkMachine({ ...SOUND, ...facts }, { plan: undefined, cloud: false, ...wanted });
const troubles = (facts: Partial<MachineFacts>, wanted: Partial<WantedRun> = {}): string[] =>
  lines(facts, wanted).flatMap(({ state, subject, says }) => (state === 'ok' ? [] : [`${state} ${subject}: ${says}`]));

test('a machine that has everything lacks nothing, whatever is wanted', () => {
  expect(troubles({})).toEqual([]);
  expect(troubles({}, { plan: small, cloud: true })).toEqual([]);
});

const least = packageJson.engines.node.slice('>='.length);

describe('what is missing is named, and forbids only a run that needs it', () => {
  test.each<readonly [Partial<MachineFacts>, Partial<WantedRun>, readonly RegExp[]]>([
    [{ node: least }, {}, []],
    [{ node: '100.0.0' }, {}, []],
    [{ node: '22.9.0' }, {}, [/^lacks Node: 22.9.0, and .* is the least$/]],
    [{ cores: 1 }, {}, [/^note CPU: 1 core:/]],
    [{ cpuQuota: 2 }, {}, []],
    [{ cpuQuota: 1.5 }, {}, [/^note CPU: 1.5 of 4 cores, by a control group/]],
    [{ memoryBytes: 2 ** 29 }, {}, [/^note memory: 512 MiB/]],
    [{ hasPostgres: false }, {}, [/^lacks PostgreSQL: there is none for linux-x64/]],
    [{ hasPostgres: false }, { plan: small }, [/^lacks PostgreSQL/]],
    [{ hasPostgres: false, variables: new Set(['DATABASE_URL']) }, {}, []],
    [{ hasPostgres: false, sockets: { files: Infinity, ports: Infinity } }, { plan: elsewhere }, [/^note PostgreSQL/]],
    [{ cacheServer: undefined }, {}, [/^note cache/]],
    [{ cacheServer: undefined, variables: new Set(['REDIS_URL']) }, {}, []],
    // 30,000 users want 30,000 of 28,232 ports; with enough ports they want 30,000 of 20,200 − 200 files.
    [{}, { plan: elsewhere }, [/^lacks connections: In peak 30,000 users .* 28,232 ports$/]],
    [
      { sockets: { files: 20_200, ports: 60_000 } },
      { plan: elsewhere },
      [/^lacks connections: In peak 30,000 .* 20,000 more files$/],
    ],
    [{ unwritable: ['/srv/shop'] }, {}, [/^note folders: \/srv\/shop can't be written$/]],
    [
      { variables: new Set(['HTTP_PROXY', 'https_proxy']) },
      {},
      [/^note proxy: HTTP_PROXY, https_proxy are set, and the load goes by no proxy$/],
    ],
    [{ variables: new Set(['HTTP_PROXY']) }, { plan: proxied }, []],
    [{ variables: new Set() }, {}, []],
    [{ variables: new Set() }, { cloud: true }, [/^lacks AWS: there are no credentials/, /^note region/]],
    [{ variables: new Set(), hasAwsFiles: true }, { cloud: true }, []],
    [{ missingPackages: ['constructs'] }, {}, []],
    [{ missingPackages: ['constructs'] }, { cloud: true }, [/^lacks packages: constructs is not installed/]],
  ])('%j %j', (facts, wanted, expected) => {
    expect(troubles(facts, wanted)).toEqual(expected.map((each) => expect.stringMatching(each)));
  });

  test('everything that is not well has a remedy', () => {
    const worst = lines(
      {
        ...SOUND,
        node: '18.0.0',
        cores: 1,
        memoryBytes: 1,
        hasPostgres: false,
        cacheServer: undefined,
        missingPackages: ['a', 'b'],
        variables: new Set(),
      },
      { plan: plan({ target: 'built-in' }), cloud: true },
    );
    expect(worst.filter(({ state, remedy }) => state !== 'ok' && remedy === undefined)).toEqual([]);
    expect(worst.filter(({ state }) => state !== 'ok')).toHaveLength(9);
  });

  test('limits that nothing can be known of are no obstacle', () => {
    expect(troubles({ sockets: { files: Infinity, ports: Infinity } })).toEqual([]);
  });
});

test.each([
  ['max 100000\n', undefined],
  ['200000 100000\n', 2],
  ['50000 100000', 0.5],
  ['', undefined],
])('a quota in %j', (text, cores) => {
  expect(quotaIn(text)).toBe(cores);
});

test('this machine, for real: what it lacks decides the exit code', async () => {
  const [laptop, huge, cloud] = await Promise.all([
    new CommandLine(['doctor', 'plans/laptop.yaml']).ended,
    new CommandLine(['doctor', 'plans/nowhere.yaml']).ended,
    new CommandLine(['doctor', '--cloud'], {
      env: { AWS_PROFILE: 'any', REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'x' },
    }).ended,
  ]);
  expect(laptop.out).toMatch(/^ok +Node +\d+\.\d+\.\d+$/m);
  expect([laptop.code, laptop.err.includes('E-MACHINE')]).toEqual(/^lacks/m.test(laptop.out) ? [13, true] : [0, false]);
  expect(huge).toMatchObject({ code: 5, err: expect.stringContaining('E-PLAN-MISSING') });
  expect(cloud.out).toMatch(/^ok +cache +the one that REDIS_URL names$/m);
  expect(cloud.out).toMatch(/^ok +AWS /m);
});
