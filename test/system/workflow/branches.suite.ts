import { rmSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Renderer } from '../../../lib/run/workflow/report.ts';
import { runKeys } from '../../../lib/run/archive/keys.ts';
import { textAt } from '../../../lib/run/archive/store.ts';
import { synthesisedDefinitions } from './definitions.ts';
import { type Behaviour, fakeGenerator } from './fake-generator.ts';
import { HealthServer } from './health-server.ts';
import { LocalCloud, type LocalCloudProps } from './local-cloud.ts';
import { NOTHING_LEFT, phase, planOf, REPORTED, through, twoPhases } from './scene.ts';

const definitions = synthesisedDefinitions();
let server: HealthServer;
let cloud: LocalCloud;

const open = (behaviour: Behaviour = {}, more: Partial<LocalCloudProps> = {}): LocalCloud =>
  (cloud = new LocalCloud({ definitions, target: server.url, generate: fakeGenerator(behaviour), ...more }));

describe('the workflow', () => {
  beforeAll(async () => {
    server = await HealthServer.start();
  });
  afterEach(() => cloud.dispose());
  afterAll(() => server.close());

  describe('each way through the workflow', () => {
    afterEach(() => expect(cloud.tasksLeft).toBe(0));

    test('pass: phase after phase, and the output has verdict and links', async () => {
      const { execution, aftermath } = await open().start(twoPhases).whole;
      expect(execution).toMatchObject({ status: 'SUCCEEDED', states: through(2, 'Passed'), retried: [] });
      expect(execution.output).toMatchObject({
        verdict: 'pass',
        links: { 'report.html': expect.stringContaining('runs/') },
      });
      expect(aftermath).toBeUndefined();
      const summary = await cloud.summary();
      // Two workers, ten a second each, three seconds.
      expect(summary?.phases.map(({ arrivals }) => arrivals.completed)).toEqual([60, 60]);
      expect(cloud.notices).toEqual(['local: branches pass']);
    });

    test('warn: the execution passes, the verdict says it', async () => {
      const warned = phase('steady', 'sustained', { objectives: ['p99 < 1ms, fail > 1s'] });
      const { execution } = await open().start(planOf(warned)).whole;
      expect(execution).toMatchObject({
        status: 'SUCCEEDED',
        states: through(1, 'Passed'),
        output: { verdict: 'warn' },
      });
    });

    test('an objective fails: the execution fails, and its cause is the headline', async () => {
      const { execution, aftermath } = await open({ failing: 1 }).start(twoPhases).whole;
      expect(execution).toMatchObject({
        status: 'FAILED',
        error: 'ObjectivesFailed',
        cause: expect.stringContaining('branches missed its objectives: in steady, errors < 1%'),
        states: through(2, 'ObjectivesFailed'),
      });
      // Reported already: there is nothing to clean up after.
      expect(aftermath).toMatchObject(NOTHING_LEFT);
    });

    test('stopOnFail: after a failed phase only the recovery is run', async () => {
      const phases = [
        phase('first', 'sustained', { stopOnFail: true }),
        phase('second', 'stress'),
        phase('after', 'recovery'),
      ];
      const { execution } = await open({ failing: 1 }).start(planOf(...phases)).whole;
      expect(execution).toMatchObject({ error: 'ObjectivesFailed', states: through(2, 'ObjectivesFailed') });
      expect((await cloud.summary())?.phases.map(({ name }) => name)).toEqual(['first', 'after']);
    });

    test('void: a generator at its own limit gives no verdict', async () => {
      const { execution } = await open({ cpuRatio: 0.95 }).start(twoPhases).whole;
      expect(execution).toMatchObject({ error: 'NoVerdict', states: through(2, 'NoVerdict') });
      expect((await cloud.summary())?.verdict).toBe('void');
    });

    test('a worker fails once before the start, is retried, and nothing is lost', async () => {
      const exits = (worker: number, attempt: number) => (worker === 1 && attempt === 0 ? 1 : undefined);
      const { execution } = await open({ exits }).start(planOf(phase('steady', 'sustained'))).whole;
      expect(execution).toMatchObject({ status: 'SUCCEEDED', states: through(1, 'Passed'), retried: ['Generate'] });
      expect((await cloud.summary())?.phases[0]?.arrivals.completed).toBe(60);
    });

    test('a worker is lost for good: its share counts as dropped, and the phase is void', async () => {
      const exits = (worker: number) => (worker === 1 ? 1 : undefined);
      const { execution } = await open({ exits }).start(planOf(phase('steady', 'sustained'))).whole;
      expect(execution).toMatchObject({ error: 'NoVerdict', states: through(1, 'NoVerdict') });
      expect(execution.retried).toEqual(['Generate', 'Generate', 'Generate']);
      const [steady] = (await cloud.summary())?.phases ?? [];
      // 20 a second for 3 s by plan; worker 0 has done its half.
      expect(steady?.arrivals).toMatchObject({ due: 60, completed: 30, dropped: 30 });
      expect(steady?.validity.reasons[0]).toContain(
        'worker 1: States.TaskFailed: Essential container in task exited; exit code 1',
      );
    });

    test('a task that ECS could not start: the report says why', async () => {
      const sentence = 'Capacity is unavailable at this time. Please try again later';
      const refused = (worker: number) => (worker === 1 ? sentence : undefined);
      const { execution } = await open({ refused }).start(planOf(phase('steady', 'sustained'))).whole;
      expect(execution).toMatchObject({ error: 'NoVerdict', retried: ['Generate', 'Generate', 'Generate'] });
      const [steady] = (await cloud.summary())?.phases ?? [];
      expect(steady?.validity.reasons[0]).toContain(`worker 1: ECS.AmazonECSException: ${sentence}`);
    });

    test('no task ever starts: broken off, and reported as such', async () => {
      const { execution, aftermath } = await open({ exits: () => 1 }).start(twoPhases).whole;
      expect(execution).toMatchObject({
        error: 'Aborted',
        states: ['Prepare', 'HavePhase?', 'Load', 'Gate', 'Abort', 'HaveLast?', 'Report', 'Verdict?', 'Aborted'],
        // Two workers, three more tries each.
        retried: Array.from({ length: 6 }, () => 'Generate'),
        cause: expect.stringMatching(
          /none of its tasks got so far\nStates\.TaskFailed: Essential container in task exited; exit code 1;/,
        ),
      });
      expect(await cloud.summary()).toMatchObject({ partial: true, phases: [] });
      expect(aftermath).toMatchObject(NOTHING_LEFT);
    });

    test('a phase with stopOnFail fails, and the configuration wants it: the service is raised before the recovery', async () => {
      const mitigation = { desiredTasks: 6, onFailedObjectives: true };
      const wanting = synthesisedDefinitions(({ environment, scaling }) => {
        const { loadTest } = environment;
        if (loadTest === undefined) throw new Error('staging has a load test');
        return { environment: { ...environment, loadTest: { ...loadTest, mitigation } }, scaling };
      });
      cloud = new LocalCloud({
        definitions: wanting,
        target: server.url,
        generate: fakeGenerator({ failing: 1 }),
        mitigation: { ...mitigation, undo: 'raise it to' },
      });
      const phases = [phase('first', 'sustained', { stopOnFail: true }), phase('after', 'recovery')];
      const { execution } = await cloud.start(planOf(...phases)).whole;
      expect(execution.states).toEqual(through(2, 'ObjectivesFailed').toSpliced(5, 0, 'Mitigate', 'HavePhase?'));
      expect(cloud.desiredTasks).toBe(6);
      expect(cloud.notices.slice(0, 2)).toEqual(['local: desired tasks 2 → 6', 'local: after desired tasks 2 → 6']);
    });

    test('clean data is asked for: it comes before the first phase, and only once', async () => {
      let cleaned = 0;
      const clean = async () => void (cleaned += 1);
      const { execution } = await open({}, { clean }).start({ ...twoPhases, cleanData: true }).whole;
      expect(execution.states).toEqual(
        through(2, 'Passed').toSpliced(2, 0, 'CleanData', 'HaveCollector?', 'HaveSetup?'),
      );
      expect(cleaned).toBe(1);
    });

    test('cleaning fails, as in a database that holds no test data: nothing is loaded', async () => {
      const clean = () => Promise.reject(Object.assign(new Error('E-TARGET-NOT-OURS'), { name: 'States.TaskFailed' }));
      const { execution } = await open({}, { clean }).start({ ...twoPhases, cleanData: true }).whole;
      expect(execution).toMatchObject({
        error: 'Aborted',
        states: ['Prepare', 'HavePhase?', 'CleanData', 'Abort', 'HaveLast?', 'Report', 'Verdict?', 'Aborted'],
      });
      expect(await cloud.summary()).toMatchObject({ partial: true, phases: [] });
    });

    test("the store can't be written: tried again, then broken off with nothing started", async () => {
      rmSync(open().folder, { recursive: true });
      writeFileSync(cloud.folder, 'a file where the folder was');
      const { execution } = await cloud.start(twoPhases).whole;
      expect(execution).toMatchObject({
        error: 'Aborted',
        states: ['Prepare', 'Abort', 'HaveLast?', 'Report', 'Verdict?', 'Aborted'],
        retried: ['Prepare', 'Prepare'],
        cause: expect.stringMatching(/before anything was measured\.\nE-STORE: .+ can't be used/),
      });
    });

    test('the report fails: the execution says so, and the aftermath has another try', async () => {
      let calls = 0;
      const flaky: Renderer = {
        fileName: 'summary.json',
        render: ({ summary }) => {
          if ((calls += 1) <= 3) throw new Error('out of memory');
          return JSON.stringify(summary);
        },
      };
      const { execution, aftermath } = await open({}, { renderers: [flaky] }).start(
        planOf(phase('steady', 'sustained')),
      ).whole;
      const states = through(1, 'ReportFailed').filter((state) => state !== 'Verdict?');
      expect(execution).toMatchObject({
        error: 'ReportFailed',
        cause: 'out of memory',
        states,
        retried: ['Report', 'Report'],
      });
      expect(aftermath).toMatchObject(REPORTED);
      expect(await cloud.summary()).toMatchObject({ partial: true });
    });
  });

  test('the checklist is kept, item by item', async () => {
    const { execution } = await open().start(twoPhases).whole;
    const { run } = execution.output as { run: string };
    const kept = JSON.parse((await textAt(cloud.store, runKeys(run).file('checklist.json'))) ?? '') as {
      items: { id: string; verdict: string; why: string }[];
    };
    expect(kept.items.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id)).toEqual([
      'target',
      'database-reached',
      'cache-reached',
      'quota',
      'alarms',
    ]);
    expect(kept.items.filter(({ why }) => why === '')).toEqual([]);
  });
});
