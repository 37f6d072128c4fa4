import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { PlimsollError } from '../../../lib/errors.ts';
import { lockHolder } from '../../../lib/run/archive/lock.ts';
import type { CloudPorts } from '../../../lib/run/workflow/ports.ts';
import type { Store } from '../../../lib/run/archive/store.ts';
import { synthesisedDefinitions } from './definitions.ts';
import { type Behaviour, fakeGenerator } from './fake-generator.ts';
import { HealthServer } from './health-server.ts';
import { LocalCloud, type LocalCloudProps, type StepName } from './local-cloud.ts';
import { phase, planOf, REPORTED, twoPhases } from './scene.ts';

const definitions = synthesisedDefinitions();
const onePhase = planOf(phase('steady', 'sustained'));
let server: HealthServer;
let cloud: LocalCloud;

type Change = (ports: CloudPorts) => CloudPorts;

/** One whose steps meet AWS in another mood. */
class ChangedCloud extends LocalCloud {
  readonly #change: Change;

  constructor(props: LocalCloudProps, change: Change) {
    super(props);
    this.#change = change;
  }

  override portsOf(step: StepName): CloudPorts {
    return this.#change(super.portsOf(step));
  }
}

const open = (behaviour: Behaviour = {}, change: Change = (same) => same): LocalCloud =>
  (cloud = new ChangedCloud({ definitions, target: server.url, generate: fakeGenerator(behaviour) }, change));

/** Fails so often before it does what it should. */
const failing = (times: number, code: 'E-AWS' | 'E-AWS-DENIED'): (() => void) => {
  let left = times;
  return () => {
    left -= 1;
    if (left >= 0) throw new PlimsollError(code, 'AWS is away');
  };
};

describe('however a run ends', () => {
  beforeAll(async () => {
    server = await HealthServer.start();
  });
  afterEach(() => cloud.dispose());
  afterAll(() => server.close());

  describe('where AWS itself fails', () => {
    test('a step that it was away for is tried again', async () => {
      const away = failing(1, 'E-AWS');
      const flaky = (store: Store): Store => ({
        get: (key) => store.get(key),
        list: (prefix) => store.list(prefix),
        put: async (...order) => {
          away();
          return await store.put(...order);
        },
      });
      const { execution } = await open({}, (ports) => ({ ...ports, store: flaky(ports.store) })).start(onePhase).whole;
      expect(execution).toMatchObject({ status: 'SUCCEEDED', retried: ['Prepare'] });
    });

    test('load that could not be stopped fails the execution by that name; the aftermath tries on, and reports', async () => {
      // Three tries of Abort, and the first one of the aftermath.
      const away = failing(4, 'E-AWS-DENIED');
      const blind = (tasks: CloudPorts['tasks']): CloudPorts['tasks'] => ({
        stop: (arn, reason) => tasks.stop(arn, reason),
        whyStopped: (run) => tasks.whyStopped(run),
        listRunning: async (run) => {
          away();
          return await tasks.listRunning(run);
        },
      });
      const change: Change = (ports) => ({ ...ports, tasks: blind(ports.tasks) });
      const { execution, aftermath } = await open({ exits: () => 1 }, change).start(onePhase).whole;
      expect(execution).toMatchObject({
        error: 'LoadNotStopped',
        cause: expect.stringContaining('AWS is away'),
        states: ['Prepare', 'HavePhase?', 'Load', 'Gate', 'Abort', 'LoadNotStopped'],
        retried: [...Array.from({ length: 6 }, () => 'Generate'), 'Abort', 'Abort'],
      });
      expect(aftermath).toMatchObject({ ...REPORTED, retried: ['EndLoad'] });
      expect(await cloud.summary()).toMatchObject({ partial: true });
    });
  });

  describe('who ends a run lets go of its lock', () => {
    test('its own report', async () => {
      await open().start(onePhase).whole;
      expect(await lockHolder(cloud.store)).toBeUndefined();
    });

    test('the aftermath, where somebody has stopped it', async () => {
      const running = open({ hangs: () => true }).start(twoPhases);
      await cloud.loaded(2);
      running.abort();
      await running.whole;
      expect(await lockHolder(cloud.store)).toBeUndefined();
    });
  });
});
