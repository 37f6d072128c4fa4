import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { stopOnAlarm } from '../../../lib/run/workflow/abort.ts';
import { type Definition, synthesisedDefinitions } from './definitions.ts';
import { type Behaviour, fakeGenerator } from './fake-generator.ts';
import { HealthServer } from './health-server.ts';
import { LocalCloud } from './local-cloud.ts';
import { NOTHING_LEFT, phase, planOf, REPORTED, through, twoPhases } from './scene.ts';

const definitions = synthesisedDefinitions();
let server: HealthServer;
let cloud: LocalCloud;

const open = (behaviour: Behaviour): LocalCloud =>
  (cloud = new LocalCloud({ definitions, target: server.url, generate: fakeGenerator(behaviour) }));

describe('an execution that is broken off', () => {
  beforeAll(async () => {
    server = await HealthServer.start();
  });
  afterEach(() => cloud.dispose());
  afterAll(() => server.close());

  describe('leaves no task', () => {
    afterEach(() => expect(cloud.tasksLeft).toBe(0));

    test('somebody stops the execution: tasks end, and what was measured is reported as partial', async () => {
      const running = open({ hangs: () => true }).start(twoPhases);
      await cloud.loaded(2);
      running.abort();
      const { execution, aftermath } = await running.whole;
      expect(execution).toMatchObject({ status: 'ABORTED', states: ['Prepare', 'HavePhase?', 'Load'] });
      expect(aftermath).toMatchObject(REPORTED);
      const summary = await cloud.summary();
      expect(summary).toMatchObject({ partial: true, verdict: 'unknown' });
      expect(summary?.phases[0]).toMatchObject({
        durationSeconds: 1,
        arrivals: { completed: 20 },
        validity: { reasons: [] },
      });
    });

    test('the execution takes too long: the same', async () => {
      const running = open({ hangs: () => true }).start(twoPhases, (definition) => ({
        ...definition,
        TimeoutSeconds: 1,
      }));
      const { execution, aftermath } = await running.whole;
      expect(execution).toMatchObject({ status: 'TIMED_OUT', states: ['Prepare', 'HavePhase?', 'Load'] });
      expect(aftermath).toMatchObject(REPORTED);
      expect(await cloud.summary()).toMatchObject({ partial: true });
    });

    test('a task that is stuck counts as lost after its time, and is ended when the run is over', async () => {
      // Step Functions ends no task that takes too long (Developer Guide, "Run a job (.sync)": when a task is aborted).
      const soon = (definition: Definition): Definition => {
        const { Load: load, ...others } = definition.States;
        if (load === undefined) throw new Error('there is no Load');
        const { 'loadSeconds.$': _, ...selected } = load['ItemSelector'] as Record<string, unknown>;
        return {
          ...definition,
          States: { ...others, Load: { ...load, ItemSelector: { ...selected, loadSeconds: 1 } } },
        };
      };
      const behaviour = { hangs: (worker: number) => worker === 1 };
      const running = open(behaviour).start(planOf(phase('steady', 'sustained')), soon);
      const { execution, aftermath } = await running.whole;
      expect(execution).toMatchObject({ error: 'NoVerdict', states: through(1, 'NoVerdict'), retried: [] });
      const [steady] = (await cloud.summary())?.phases ?? [];
      // 20 a second for 3 s by plan; worker 0 has done its half, worker 1 a second of its own.
      expect(steady?.arrivals).toMatchObject({ due: 60, completed: 40, dropped: 20 });
      expect(steady?.validity.reasons[0]).toContain('worker 1: States.Timeout');
      expect(aftermath).toMatchObject(NOTHING_LEFT);
    });

    test('an alarm of the target stops the execution', async () => {
      const running = open({ hangs: () => true }).start(twoPhases);
      await cloud.loaded(2);
      const detail = { alarmName: 'local-database-storage', state: { value: 'ALARM', reason: 'the disk is full' } };
      const stopped = await stopOnAlarm(cloud.portsOf('AbortStep'), cloud.settings, {
        source: 'aws.cloudwatch',
        detail,
      });
      const { execution, aftermath } = await running.whole;
      expect(stopped.stopped).toMatch(/-branches$/);
      expect(execution).toMatchObject({ status: 'ABORTED', states: ['Prepare', 'HavePhase?', 'Load'] });
      expect(aftermath).toMatchObject(REPORTED);
    });
  });
});
