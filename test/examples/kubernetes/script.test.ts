import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { MANIFESTS } from './manifests.ts';
import { RecordingCluster } from './recording-kubectl.ts';

const cluster = new RecordingCluster();
afterAll(() => cluster[Symbol.dispose]());

const ENDED = '--output=jsonpath={.status.conditions[?(@.status=="True")].type}';
const logsOf = (job: string): string =>
  `logs --selector batch.kubernetes.io/job-name=${job} --prefix --tail=-1 --max-log-requests=100`;
const anew = (job: string): string[] => [
  `delete job ${job} --ignore-not-found --wait`,
  `apply --kustomize ${MANIFESTS}/${job}`,
  `get job ${job} ${ENDED}`,
  logsOf(job),
];
const fetched = [
  `apply --kustomize ${MANIFESTS}/results`,
  'wait --for=condition=ready pod/results --timeout=120s',
  'cp results:/results/runs runs',
  'delete pod results --ignore-not-found --wait',
];
const rolledOut = (what: string): string => `rollout status ${what} --timeout=300s`;
const plan = [
  'create configmap plan --from-file=plan.yaml=plans/smoke.yaml --from-file=plans/accounts.csv --dry-run=client --output=yaml',
  'apply --filename -',
];

/** In the order of their use: each is given twice, and what the second time is called stands beside the first. */
const COMMANDS: readonly (readonly [args: string, first: readonly string[], second?: readonly string[]])[] = [
  [
    'setup',
    [
      'version --output=yaml',
      `apply --filename ${MANIFESTS}/base/namespace.yaml`,
      'get secret marketplace --ignore-not-found --output=name',
      'create secret generic marketplace --from-env-file=/dev/stdin',
    ],
    [
      'version --output=yaml',
      `apply --filename ${MANIFESTS}/base/namespace.yaml`,
      'get secret marketplace --ignore-not-found --output=name',
    ],
  ],
  [
    'deploy',
    [
      `apply --kustomize ${MANIFESTS}/base`,
      rolledOut('statefulset/database'),
      rolledOut('deployment/cache'),
      'get job seed --ignore-not-found --output=name',
      `apply --kustomize ${MANIFESTS}/seed`,
      `get job seed ${ENDED}`,
      logsOf('seed'),
      rolledOut('deployment/downstream'),
      rolledOut('deployment/service'),
    ],
    [
      `apply --kustomize ${MANIFESTS}/base`,
      rolledOut('statefulset/database'),
      rolledOut('deployment/cache'),
      'get job seed --ignore-not-found --output=name',
      `get job seed ${ENDED}`,
      logsOf('seed'),
      rolledOut('deployment/downstream'),
      rolledOut('deployment/service'),
    ],
  ],
  ['connectivity', anew('connectivity')],
  ['load-test', [...plan, ...anew('load-test'), ...fetched]],
  ['load-test plans/smoke.yaml distributed', [...plan, ...anew('distributed'), ...fetched]],
  [
    'monitor',
    [
      'get horizontalpodautoscalers,deployments,jobs,pods --output=wide',
      'top pods --containers',
      'get events --sort-by=.lastTimestamp',
      'logs --selector app.kubernetes.io/part-of=plimsoll --prefix --tail=5 --max-log-requests=100 --ignore-errors',
    ],
  ],
  ['clean-up', ['delete namespace plimsoll --ignore-not-found --wait']],
];

describe('the commands, against a kubectl without a cluster', () => {
  test.each(COMMANDS)('k8s %s: twice leaves the same', (args, first, second = first) => {
    for (const expected of [first, second]) {
      const { status, stderr, calls } = cluster.run(args.split(' '));
      expect({ status, stderr, calls }).toEqual({ status: 0, stderr: '', calls: expected });
    }
  });

  test('before setup nothing is deployed', () => {
    const { status, stderr, calls } = cluster.run(['deploy']);
    expect([status, calls.length]).toEqual([1, 1]);
    expect(stderr).toContain('namespaces "plimsoll" not found');
  });

  test('secrets are random, and in no argument, where every process of the machine could read them', () => {
    const secrets = [1, 2].map(() => {
      using fresh = new RecordingCluster();
      return fresh.run(['setup']).input;
    });
    for (const text of secrets) expect(text).toMatch(/^databasePassword=[0-9a-f]{48}\ntokenSecret=[0-9a-f]{48}\n$/);
    expect(new Set(secrets.flatMap((text) => text.match(/[0-9a-f]{48}/g))).size).toBe(4);
  });

  test('a load test that fails is copied too, and the failure is its exit code', () => {
    cluster.run(['setup']);
    const { status, calls } = cluster.run(['load-test'], { ENDS_AS: 'FailureTarget Failed' });
    expect(status).toBe(1);
    expect(calls).toContain('cp results:/results/runs runs');
  });

  test('without a metrics server monitor says so, and goes on', () => {
    const { status, stdout } = cluster.run(['monitor'], { NO_METRICS: '1' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('no use of CPU and memory')]);
  });

  test('an unknown command is answered with those that there are', () => {
    expect(cluster.run(['deplyo'])).toMatchObject({ status: 2, stderr: expect.stringContaining('k8s setup | deploy') });
  });
});

test('npm runs each of them, and what they apply is there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Readonly<Record<string, string>> };
  const names = new Set(COMMANDS.map(([args]) => args.split(' ')[0] ?? ''));
  for (const name of names) expect(scripts[`k8s:${name}`]).toBe(`examples/kubernetes/k8s ${name}`);
  const applied = COMMANDS.flatMap(([, calls]) =>
    calls.flatMap((call) => /^apply .* (examples\S+)$/.exec(call)?.[1] ?? []),
  );
  expect(applied.length).toBeGreaterThan(5);
  expect(applied.filter((path) => !existsSync(join(path)))).toEqual([]);
});

test('the page names each command, and no other; and each variable that a worker reads', () => {
  const page = readFileSync('docs/kubernetes.md', 'utf8');
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Readonly<Record<string, string>> };
  const named = Array.from(page.matchAll(/npm run (k8s:[a-z-]+)/g), ([, name = '']) => name);
  const there = Object.keys(scripts).filter((name) => name.startsWith('k8s:'));
  expect([...new Set(named)].toSorted()).toEqual(there.toSorted());
  const read = Array.from(
    readFileSync('bin/workers/worker-input.ts', 'utf8').matchAll(/^ {4}([A-Z_]+): (?:z|whole)/gm),
    ([, name = '']) => name,
  );
  expect(read.length).toBeGreaterThan(4);
  expect(read.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
