import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parseSync } from 'oxc-parser';
import { statementsOf } from '../../lib/infra/statements.ts';
import { synthesise } from '../../lib/infra/synthesise.ts';
import { stopOnAlarm } from '../../../lib/run/workflow/abort.ts';
import { synthesisedDefinitions } from './definitions.ts';
import type { Behaviour } from './fake-generator.ts';
import { HealthServer } from './health-server.ts';
import { LocalCloud } from './local-cloud.ts';
import { withFakeLoad } from './real-generator.ts';
import { twoPhases } from './scene.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Only of a system that was there already: the database of one that is built here is an instance. */
const OF_CLUSTERS = 'rds:DescribeDBClusterSnapshots';

/** What an adapter that a step uses can do, and that step never asks of it. */
const NEVER: Readonly<Record<string, readonly string[]>> = {
  prepare: ['ecs:StopTask', 'ecs:UpdateService', 'states:StopExecution', OF_CLUSTERS],
  abort: [
    // Facts for the checklist, in the same adapter as the number of tasks.
    'elasticloadbalancing:DescribeLoadBalancers',
    'rds:DescribeDBInstances',
    'rds:DescribeDBSnapshots',
    OF_CLUSTERS,
    'servicequotas:GetServiceQuota',
    'servicequotas:GetAWSDefaultServiceQuota',
  ],
};

/** What no adapter calls: AWS asks it of the role itself. */
const BY_AWS = /^(?:logs:(?!Filter)|ec2:|kms:|ecr:|xray:|rds-db:)/;

/** Every file that is loaded with `entry`, but for types. */
function loadedWith(entry: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  const { module } = parseSync(entry, readFileSync(join(ROOT, entry), 'utf8'));
  for (const { moduleRequest, entries } of module.staticImports) {
    const isType = entries.length > 0 && entries.every((each) => each.isType);
    if (!isType && moduleRequest.value.startsWith('.') && moduleRequest.value.endsWith('.ts'))
      loadedWith(relative(ROOT, join(ROOT, dirname(entry), moduleRequest.value)), found);
  }
  return found;
}

/** The permissions that the adapters loaded with an entry name when they call AWS. */
const askedBy = (entry: string): string[] =>
  [...loadedWith(entry)]
    .filter((file) => file.startsWith('lib/adapters/'))
    .flatMap((file) => Array.from(readFileSync(join(ROOT, file), 'utf8').matchAll(/callAws\('([a-z0-9-]+:\w+)'/g)))
    .map(([, action = '']) => action);

const { resources } = synthesise('staging');

/** What the policies of a role in the load-test stack allow. */
const allowedTo = (role: string): string[] =>
  [...resources]
    .filter(([id, { Type }]) => id.includes(`LoadTest${role}DefaultPolicy`) && Type === 'AWS::IAM::Policy')
    .flatMap(([id, resource]) => statementsOf(id, resource))
    .flatMap(({ actions }) => actions);

/** A run that passes, one that is refused, and one that an alarm ends, with all that they asked of the store. */
class Scene implements AsyncDisposable {
  readonly storeCalls: Record<string, Set<string>> = {};
  readonly #clouds: LocalCloud[] = [];
  readonly #server: HealthServer;

  private constructor(server: HealthServer) {
    this.#server = server;
  }

  static async play(): Promise<Scene> {
    const scene = new Scene(await HealthServer.start());
    const quiet = scene.#open({});
    await quiet.store.put('plans/known.yaml', JSON.stringify({ ...twoPhases.plan, setup: [{ get: '/' }] }));
    await quiet.start({ plan: 'known' }).whole;
    await quiet.start({ plan: 'unknown' }).whole;
    const alarmed = scene.#open({ hangs: () => true });
    const running = alarmed.start(twoPhases);
    await alarmed.loaded(2);
    const settings = { ...alarmed.settings, mitigation: { desiredTasks: 3, undo: 'undo it by' } };
    const detail = { alarmName: 'local-full', state: { value: 'ALARM' } };
    await stopOnAlarm(alarmed.portsOf('AbortStep'), settings, { source: 'aws.cloudwatch', detail });
    await running.whole;
    for (const { storeCalls } of scene.#clouds)
      for (const [step, calls] of Object.entries(storeCalls))
        scene.storeCalls[step] = new Set([...(scene.storeCalls[step] ?? []), ...calls]);
    return scene;
  }

  #open(behaviour: Behaviour): LocalCloud {
    const generate = withFakeLoad(behaviour);
    const cloud = new LocalCloud({ definitions: synthesisedDefinitions(), target: this.#server.url, generate });
    this.#clouds.push(cloud);
    return cloud;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cloud of this.#clouds) cloud.dispose();
    this.#server.close();
  }
}

/** Whoever loads adapters. */
const STEPS = [
  ['prepare', 'lambda/prepare/handler.ts', 'PrepareStepRole'],
  ['gate', 'lambda/gate/handler.ts', 'GateStepRole'],
  ['abort', 'lambda/abort/handler.ts', 'AbortStepRole'],
  ['report', 'lambda/report/handler.ts', 'ReportStepRole'],
  ['generator', 'loadgen/task/main.ts', 'GeneratorTaskTaskRole'],
  ['collector', 'loadgen/collector/main.ts', 'CollectorTaskTaskRole'],
] as const;

describe('rights', () => {
  test.each(STEPS)('%s may do what its adapters ask of AWS, and nothing else', (name, entry, role) => {
    const asked = new Set(askedBy(entry).filter((action) => !NEVER[name]?.includes(action)));
    const allowed = new Set(allowedTo(role).filter((action) => !BY_AWS.test(action)));
    expect(asked.size).toBeGreaterThan(1);
    expect(allowed).toEqual(asked);
  });

  test('what a step is said never to ask is something that its adapters could', () => {
    const stale = Object.entries(NEVER).flatMap(([name, actions]) => {
      const entry = STEPS.find(([step]) => step === name)?.[1] ?? '';
      const asked = askedBy(entry);
      return actions.filter((action) => !asked.includes(action)).map((action) => `${name}: ${action}`);
    });
    expect(stale).toEqual([]);
  });

  test('each step may read and write the keys that it does, and no others', async () => {
    await using scene = await Scene.play();
    for (const [step, calls] of Object.entries(scene.storeCalls)) {
      const statements = [...resources]
        .filter(([id]) => id.includes(`LoadTest${step}RoleDefaultPolicy`))
        .flatMap(([id, resource]) => statementsOf(id, resource));
      const allowed = statements.flatMap(({ actions, resources: of }) =>
        actions
          .filter((action) => action.endsWith('Object'))
          .flatMap((action) => of.map((each) => `${action} ${/"\/([^"]+)"/.exec(each)?.[1]}`)),
      );
      // Below a folder any key will do.
      const asked = Array.from(calls, (call) => call.replace(/\/.*/, '/*'));
      expect({ step, allowed: new Set(allowed) }).toEqual({ step, allowed: new Set(asked) });
    }
  });
});
