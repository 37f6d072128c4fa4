import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { synthesisedDefinitions } from './definitions.ts';
import type { Json } from './execute.ts';
import { type Behaviour, fakeGenerator } from './fake-generator.ts';
import { HealthServer } from './health-server.ts';
import { LocalCloud, type LocalCloudProps } from './local-cloud.ts';
import { NOTHING_LEFT, phase, planOf, twoPhases } from './scene.ts';

const definitions = synthesisedDefinitions();
let server: HealthServer;
let cloud: LocalCloud;

const open = (behaviour: Behaviour = {}, more: Partial<LocalCloudProps> = {}): LocalCloud =>
  (cloud = new LocalCloud({ definitions, target: server.url, generate: fakeGenerator(behaviour), ...more }));

describe('Prepare refuses, and nothing was started', () => {
  beforeAll(async () => {
    server = await HealthServer.start();
  });
  afterEach(() => cloud.dispose());
  afterAll(() => server.close());

  const REFUSED = ['Prepare', 'HavePhase?', 'Refused'];

  test.each<[name: string, input: Json, error: string, cause: string]>([
    ['an unknown plan', { plan: 'weak7' }, 'E-PLAN-MISSING', 'there is no plan weak7; did you mean week7?'],
    ['no object', 'week7', 'E-INPUT-INVALID', 'must be a map of keys and values, not text'],
    ['no plan', {}, 'E-INPUT-INVALID', 'plan: is missing'],
    ['a misspelt field', { plan: 'week7', phase: ['a'] }, 'E-INPUT-INVALID', 'did you mean phases?'],
    ['too many workers', { plan: 'week7', workers: 41 }, 'E-INPUT-INVALID', '41 is too large; 40 is the most'],
    ['a phase that the plan has not', { ...twoPhases, phases: ['stead'] }, 'E-INPUT-INVALID', 'did you mean steady?'],
    ['a plan that is none', { plan: { name: 'a' } }, 'E-PLAN-INVALID', 'scenarios: is missing'],
    [
      'a host off the allow-list',
      { plan: { ...(twoPhases.plan as object), target: 'https://example.org' } },
      'E-TARGET-REFUSED',
      'example.org is neither',
    ],
    [
      'a plan that takes longer than an execution may',
      { plan: { ...(twoPhases.plan as object), phases: [{ ...phase('long', 'sustained'), duration: '8h' }] } },
      'E-PLAN-TOO-LONG',
      'an execution is ended after 8 h',
    ],
    [
      'an objective on a signal that nothing here reads',
      planOf(phase('steady', 'sustained', { objectives: ['p99 < 1s', 'database.pool-waiting < 5'] })),
      'E-PLAN-SIGNAL',
      'database.pool-waiting < 5',
    ],
    [
      'a plan with code',
      { plan: { ...(twoPhases.plan as object), hooks: { file: 'hooks.ts' } } },
      'E-PLAN-HOOKS',
      'the plan has hooks',
    ],
    [
      'a plan whose phases end early',
      {
        plan: {
          ...(twoPhases.plan as object),
          abortOn: 'errors > 50% for 3s',
          phases: [{ ...phase('climb', 'stress'), duration: '1m' }],
        },
      },
      'E-PLAN-ABORT',
      'abortOn of climb',
    ],
    ['clean data, which it may not', { ...twoPhases, cleanData: true }, 'E-CHECKLIST', 'Test data is clean'],
  ])('%s', async (_, input, error, cause) => {
    await open().store.put('plans/week7.yaml', 'name: week 7');
    const { execution, aftermath } = await cloud.start(input).whole;
    expect(execution).toMatchObject({ status: 'FAILED', error, states: REFUSED });
    expect(execution.cause).toContain(cause);
    expect(aftermath).toMatchObject(NOTHING_LEFT);
    // Who starts runs by the clock looks at no console.
    expect(cloud.notices).toEqual(['local: nothing was loaded']);
    const after = await cloud.start(twoPhases).whole;
    expect(after.execution.status).toBe('SUCCEEDED');
  });

  test('an alarm is on', async () => {
    open({}, { alarms: [{ name: 'local-error-rate', state: 'ALARM' }] });
    const { execution } = await cloud.start(twoPhases).whole;
    expect(execution).toMatchObject({ error: 'E-CHECKLIST', states: REFUSED });
    expect(execution.cause).toContain('on: local-error-rate');
  });

  test('the service has lost its database', async () => {
    const ill = await HealthServer.start();
    ill.loseDatabase();
    const { execution } = await open({}, { target: ill.url }).start(twoPhases).whole;
    ill.close();
    expect(execution.cause).toContain('the health page says that the database does not answer');
  });

  test('another run is under way; once it is over, it may start', async () => {
    const first = open({ hangs: () => true }).start(twoPhases);
    await cloud.loaded(2);
    const second = await cloud.start(twoPhases).whole;
    expect(second.execution).toMatchObject({ error: 'E-RUN-IN-PROGRESS', states: REFUSED });
    expect(cloud.tasksLeft).toBe(2);
    first.abort();
    await first.whole;
    const third = cloud.start(twoPhases);
    await cloud.loaded(2);
    third.abort();
    expect((await third.whole).execution.states).toContain('Load');
  });
});
