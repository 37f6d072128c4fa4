import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { parseConfiguration } from '../../../lib/environment/parse.ts';
import { parsePlan } from '../../../lib/plan/parse.ts';
import { hpa } from '../../../lib/scaling/writers/hpa.ts';
import type { DerivedScaling } from '../../../lib/scaling/writers/written.ts';
import { workerInputFrom } from '../../../bin/workers/worker-input.ts';
import { exitCodes } from '../../../lib/errors.ts';
import { MANIFESTS, manifests, podsOf } from './manifests.ts';
import { ManifestChecker, recordSchemas, VERSIONS } from './schemas.ts';

const RECORD_FROM = process.env['PLIMSOLL_KUBERNETES_SCHEMAS'];
const all = manifests();
const pods = podsOf(all);
const named = (kind: string, name: string) => all.find((each) => each.kind === kind && each.metadata.name === name);

describe.each(VERSIONS)('against the strict schemas of Kubernetes %s', (version) => {
  let checker: ManifestChecker;
  beforeAll(() => {
    if (RECORD_FROM !== undefined) recordSchemas(RECORD_FROM);
    checker = new ManifestChecker(version);
  });

  test('every manifest is valid', () => {
    expect(all.length).toBeGreaterThan(20);
    expect(
      all.flatMap(({ file, ...manifest }) => checker.problemsOf(manifest).map((each) => `${file}: ${each}`)),
    ).toEqual([]);
  });

  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'a' } };
  const containers = [{ name: 'a', image: 'a' }];
  test.each([
    ['a property that there is not', { ...job, spec: { completion: 1, template: { spec: { containers } } } }],
    ['text for a number', { ...job, spec: { completions: '4', template: { spec: { containers } } } }],
    ['no containers', { ...job, spec: { template: { spec: { restartPolicy: 'Never' } } } }],
    ['a kind of another version', { ...job, apiVersion: 'batch/v1beta1' }],
  ])('%s is found', (_, manifest) => {
    expect(checker.problemsOf(manifest)).not.toEqual([]);
  });
});

describe('every pod', () => {
  test.each(pods)('$name runs confined', ({ pod }) => {
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.securityContext['runAsUser']).toBeGreaterThan(0);
    for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(Object.keys(container.resources.limits)).toEqual(['cpu', 'memory']);
      const volumes = [...(pod.volumes ?? []).map(({ name }) => name), 'data'];
      expect(volumes).toEqual(expect.arrayContaining((container.volumeMounts ?? []).map(({ name }) => name)));
    }
  });

  test('may use what it asks for, so that a neighbour changes no measurement; but for the one that only copies files', () => {
    const containers = pods.flatMap(({ pod }) => pod.containers);
    const unlike = containers.filter(({ resources }) => resources.requests['cpu'] !== resources.limits['cpu']);
    expect(unlike.map(({ name }) => name)).toEqual(['results']);
  });

  test('is named by the policies of the network that let it be reached, and by the budget for disruptions', () => {
    const labels = new Set(pods.map((each) => each.labels['app.kubernetes.io/name']));
    const selected = all
      .filter(({ kind }) => ['NetworkPolicy', 'PodDisruptionBudget', 'Service'].includes(kind))
      .flatMap(({ spec }) =>
        Array.from(JSON.stringify(spec).matchAll(/"app.kubernetes.io\/name":"([^"]+)"/g), ([, name]) => name),
      );
    expect(selected.filter((name) => !labels.has(name ?? ''))).toEqual([]);
    expect(all.filter(({ kind }) => kind === 'PodDisruptionBudget').map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(['service', 'downstream']),
    );
  });
});

test('a kustomization lists every manifest beside it, and no other', () => {
  const folders = readdirSync(MANIFESTS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders.filter((each) => each.name !== 'limits')) {
    const path = join(MANIFESTS, name);
    const { resources } = parse(readFileSync(join(path, 'kustomization.yaml'), 'utf8')) as { resources: string[] };
    const files = readdirSync(path).filter((file) => basename(file) !== 'kustomization.yaml');
    expect(resources.toSorted()).toEqual(files.toSorted());
  }
});

const isKubectlThere = spawnSync('kubectl', ['version', '--client']).status === 0;
(isKubectlThere ? test : test.skip)(
  'the overlay of the lab gives the service a tenth of a core, and ten replicas',
  () => {
    const { stdout, stderr } = spawnSync('kubectl', ['kustomize', join(MANIFESTS, 'limits')], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const built = parseAllDocuments(stdout).map((document) => document.toJS() as (typeof all)[number]);
    const checker = new ManifestChecker('1.37');
    expect(built.flatMap((manifest) => checker.problemsOf(manifest))).toEqual([]);
    const service = podsOf(built).find(({ name }) => name === 'service')?.pod.containers[0];
    const little = { cpu: '100m', memory: '256Mi' };
    expect(service).toMatchObject({ image: 'plimsoll-service:local', resources: { requests: little, limits: little } });
    const scaled = built.find(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(scaled?.spec).toMatchObject({ minReplicas: 1, maxReplicas: 10 });
    expect(new Set(built.map((each) => (each.metadata as { namespace?: string }).namespace))).toEqual(
      new Set([undefined, 'plimsoll']),
    );
  },
);

test('the autoscaler is written from the policy in force; PLIMSOLL_GOLDEN=write writes it anew', () => {
  const text = (path: string) => ({ path, text: readFileSync(path, 'utf8') });
  const { scaling } = parseConfiguration(text('config/staging.yaml'), text('config/scaling/staging.yaml'));
  const written = hpa.write({ name: 'staging', policy: scaling } as DerivedScaling);
  const path = join(MANIFESTS, 'base/service.hpa.yaml');
  if (process.env['PLIMSOLL_GOLDEN'] === 'write') writeFileSync(path, written);
  expect(readFileSync(path, 'utf8')).toBe(written);
  expect(parse(written)).toMatchObject({
    spec: { scaleTargetRef: { name: named('Deployment', 'service')?.metadata.name } },
  });
});

describe('the job of a distributed run', () => {
  const job = named('Job', 'distributed')?.spec as Readonly<Record<string, unknown>>;
  const worker = pods.find(({ name }) => name === 'distributed')?.pod.containers[0];

  test('starts as many workers at once as each is told that there are, with the environment that a worker needs', () => {
    // What Kubernetes puts there: of fields some text, and the index.
    const environment = Object.fromEntries(
      (worker?.env ?? []).map(({ name, value, valueFrom }) => [name, valueFrom === undefined ? value : 'a-1']),
    );
    const input = workerInputFrom({ ...environment, JOB_COMPLETION_INDEX: '3' });
    expect(input.share).toEqual({ index: 3, of: 4 });
    expect(job).toMatchObject({ completionMode: 'Indexed', completions: input.share.of, parallelism: input.share.of });
    expect(worker?.volumeMounts).toContainEqual({ name: 'results', mountPath: new URL(input.storeAddress).pathname });
  });

  test('is failed by a verdict, and tries again what may go better: a store that failed, a defect, a kill', () => {
    const { rules } = job['podFailurePolicy'] as {
      rules: readonly { action: string; onExitCodes?: { values: number[] } }[];
    };
    const ending = rules.flatMap(({ action, onExitCodes }) =>
      action === 'FailJob' ? (onExitCodes?.values ?? []) : [],
    );
    const again = ['internal', 'outputFailed', 'cloudFailed', 'interrupted'];
    const notByWorkers = ['worse', 'differs', 'lacking'];
    const others = Object.entries(exitCodes).flatMap(([name, code]) =>
      code === 0 || [...again, ...notByWorkers].includes(name) ? [] : [code],
    );
    expect(ending).toEqual(others);
  });
});

test('the plan of the demonstration is valid, and loads for ten minutes', async () => {
  const path = join(MANIFESTS, 'replicas.yaml');
  const none = { readBytes: () => Promise.reject(new Error('no files')), signalIds: [], env: {} };
  const { phases } = await parsePlan({ path, text: readFileSync(path, 'utf8') }, none);
  expect(phases.reduce((sum, { durationUs }) => sum + durationUs, 0)).toBe(600e6);
});
