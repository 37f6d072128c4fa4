import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { textAt } from '../../../lib/run/archive/store.ts';
import { CommandLine, Workplace } from '../command-line.ts';
import { type Definition, synthesisedDefinitions } from './definitions.ts';
import type { Json } from './execute.ts';
import { type Generate, LocalCloud } from './local-cloud.ts';
import { realGenerator, withFakeLoad } from './real-generator.ts';
import { phase, through } from './scene.ts';
import { TokenServer } from './token-server.ts';

const definitions = synthesisedDefinitions();
let server: TokenServer;
let cloud: LocalCloud;

const PLAN: { [name: string]: Json } = {
  name: 'one token',
  headers: { authorization: 'Bearer {{ token }}' },
  setup: [{ post: '/login', json: { user: 'ann' }, capture: { token: '$.token' } }],
  scenarios: [{ name: 'all', steps: [{ get: '/items' }] }],
  checks: [{ get: '/invariants', expect: { body: { json: { '$.holds': true } } } }],
  teardown: [{ delete: '/items', name: 'DELETE all' }],
  phases: [phase('steady', 'sustained', { duration: '2s' })],
};

const open = (generate: Generate): LocalCloud =>
  (cloud = new LocalCloud({ definitions, target: server.url, generate }));

/** What an execution goes through whose plan has a setup, checks and a teardown. */
const setUpTo = (end: string): string[] => through(1, end).toSpliced(2, 0, 'SetUp').toSpliced(6, 0, 'SendLast');

async function stored(): Promise<string> {
  let all = '';
  for (const prefix of ['runs/', 'executions/', 'captures/'])
    for await (const key of cloud.store.list(prefix)) all += `${key}\n${await textAt(cloud.store, key)}\n`;
  return all;
}

describe('what a run takes once', () => {
  beforeEach(async () => {
    server = await TokenServer.start();
  });
  afterEach(() => {
    expect(cloud.tasksLeft).toBe(0);
    cloud.dispose();
    server.close();
  });

  describe('tells of setup, checks and teardown what a laptop tells', () => {
    let place: Workplace;
    beforeAll(async () => {
      place = await Workplace.make();
    });
    afterAll(() => place[Symbol.asyncDispose]());

    test('by two workers that hold the one token', async () => {
      const { execution } = await open(realGenerator).start({ plan: PLAN }).whole;
      expect(execution.states.filter((state) => state !== 'Passed' && state !== 'NoVerdict')).toEqual(
        setUpTo('').slice(0, -1),
      );
      const summary = await cloud.summary();
      const [first, ...others] = server.seen;
      expect([first, ...others.slice(-2)]).toEqual(['POST /login', 'GET /invariants', 'DELETE /items']);
      expect(new Set(others.slice(0, -2))).toEqual(new Set(['GET /items']));
      expect(server.wrong).toBe(0);
      // 20 a second for 2 s.
      expect(summary?.phases[0]?.ledger).toMatchObject({ sent: 40, ok: 40 });

      const path = await place.write('plan.yaml', JSON.stringify({ ...PLAN, target: server.url }));
      await new CommandLine(['run', path, '--out', `${place.path}/laptop`]).ended;
      const laptop = await place.summary('laptop');
      const sentOnce = ({ setup, checks, teardown, integrity }: NonNullable<typeof summary>) => ({
        records: [setup, checks, teardown].map((record) => record?.steps),
        integrity,
      });
      expect(summary && sentOnce(summary)).toEqual(sentOnce(laptop));
      expect(sentOnce(laptop).records.every((steps) => steps !== undefined)).toBe(true);
      expect(summary?.integrity?.verdict).toBe('pass');
      expect(await stored()).not.toContain(TokenServer.SECRET);
    }, 60_000);
  });

  test('a setup that fails: nothing is loaded, nothing torn down, and the cause names the step', async () => {
    server.refusesLogin = true;
    const { execution } = await open(withFakeLoad({})).start({ plan: PLAN }).whole;
    expect(execution).toMatchObject({
      error: 'Aborted',
      cause: expect.stringContaining('E-SETUP: the setup failed: step "POST /login" ended as status.401'),
      states: ['Prepare', 'HavePhase?', 'SetUp', 'Abort', 'HaveLast?', 'Report', 'Verdict?', 'Aborted'],
      retried: [],
    });
    expect(server.seen).toEqual(['POST /login']);
  });

  test('data that is not sound fails the execution', async () => {
    server.isSound = false;
    const { execution } = await open(withFakeLoad({})).start({ plan: PLAN }).whole;
    expect(execution).toMatchObject({ error: 'ObjectivesFailed', states: setUpTo('ObjectivesFailed') });
    expect(await cloud.summary()).toMatchObject({
      integrity: { verdict: 'fail', checks: [{ name: 'GET /invariants', failure: 'expect.body' }] },
    });
    expect(server.seen.at(-1)).toBe('DELETE /items');
  });

  test('somebody stops the execution: its aftermath checks and tears down', async () => {
    const running = open(withFakeLoad({ hangs: () => true })).start({ plan: PLAN });
    await cloud.loaded(2);
    running.abort();
    const { aftermath } = await running.whole;
    expect(aftermath?.states).toEqual(['EndLoad', 'HaveRun?', 'SendLastAfter', 'ReportPartial', 'Done']);
    expect(server.seen).toEqual(['POST /login', 'GET /invariants', 'DELETE /items']);
    expect(await cloud.summary()).toMatchObject({ partial: true, integrity: { verdict: 'pass' } });
    expect(await stored()).not.toContain(TokenServer.SECRET);
  });

  test('the task of the teardown is stuck: it is ended before the report, though the run has passed', async () => {
    const load = withFakeLoad({});
    const stuck: Generate = async (environment, stopped) => {
      if (environment['PLIMSOLL_ONCE'] !== 'last') return await load(environment, stopped);
      await new Promise((resolve) => stopped.addEventListener('abort', resolve, { once: true }));
      return 143;
    };
    const soon = (definition: Definition): Definition => {
      const { SendLast: last, ...others } = definition.States;
      if (last === undefined) throw new Error('there is no SendLast');
      return { ...definition, States: { ...others, SendLast: { ...last, TimeoutSeconds: 1 } } };
    };
    const { checks: _, ...plan } = PLAN;
    const { execution, aftermath } = await open(stuck).start({ plan }, soon).whole;
    const states = setUpTo('Passed').flatMap((state) => (state === 'SendLast' ? [state, 'EndLast'] : [state]));
    expect(execution).toMatchObject({ status: 'SUCCEEDED', states });
    expect(aftermath).toBeUndefined();
  });

  test.each(['AmazonECS.Unknown', 'ECS.AmazonECSException'])('no capacity (%s): it is tried again', async (name) => {
    const load = withFakeLoad({});
    let refusals = 1;
    const refused: Generate = async (environment, stopped) => {
      if (environment['PLIMSOLL_ONCE'] === undefined || (refusals -= 1) < 0) return await load(environment, stopped);
      throw Object.assign(new Error('Capacity is unavailable at this time.'), { name });
    };
    const { execution } = await open(refused).start({ plan: PLAN }).whole;
    expect(execution).toMatchObject({ status: 'SUCCEEDED', retried: ['SetUp'] });
    expect(server.seen[0]).toBe('POST /login');
  });

  test('the run was ended before its setup had begun: nothing is sent', async () => {
    const load = withFakeLoad({});
    const late: Generate = async (environment, stopped) => {
      await cloud.store.put(runKeys(environment['PLIMSOLL_RUN'] ?? '').ended, '{}');
      return await load(environment, stopped);
    };
    const { execution } = await open(late).start({ plan: PLAN }).whole;
    expect(execution).toMatchObject({ error: 'Aborted' });
    expect(server.seen).toEqual([]);
  });

  test('the task of the teardown is lost: the report says that what was made may be left', async () => {
    const load = withFakeLoad({});
    const lost: Generate = async (environment, stopped) =>
      environment['PLIMSOLL_ONCE'] === 'last' ? 1 : await load(environment, stopped);
    const { execution } = await open(lost).start({ plan: PLAN }).whole;
    // No check was sent, so nobody knows.
    expect(execution).toMatchObject({ error: 'NoVerdict', states: setUpTo('NoVerdict') });
    expect(await stored()).toContain('The teardown did not come to its end. What the run has made may still be there.');
  });
});
