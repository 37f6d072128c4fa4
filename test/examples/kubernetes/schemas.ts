import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The oldest version that knows all that the manifests ask for (backoffLimitPerIndex), and the newest. */
export const VERSIONS = ['1.33', '1.37'] as const;
export type KubernetesVersion = (typeof VERSIONS)[number];

/** What the manifests have, by apiVersion and kind, and its definition in Kubernetes' OpenAPI. */
const KINDS = {
  'v1 Namespace': 'io.k8s.api.core.v1.Namespace',
  'v1 Service': 'io.k8s.api.core.v1.Service',
  'v1 Pod': 'io.k8s.api.core.v1.Pod',
  'v1 PersistentVolumeClaim': 'io.k8s.api.core.v1.PersistentVolumeClaim',
  'apps/v1 Deployment': 'io.k8s.api.apps.v1.Deployment',
  'apps/v1 StatefulSet': 'io.k8s.api.apps.v1.StatefulSet',
  'batch/v1 Job': 'io.k8s.api.batch.v1.Job',
  'autoscaling/v2 HorizontalPodAutoscaler': 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  'policy/v1 PodDisruptionBudget': 'io.k8s.api.policy.v1.PodDisruptionBudget',
  'networking.k8s.io/v1 NetworkPolicy': 'io.k8s.api.networking.v1.NetworkPolicy',
} as const;

type Definitions = Readonly<Record<string, unknown>>;

const recorded = (version: KubernetesVersion): string => join('test/golden/kubernetes', `${version}.json`);

/**
 * Writes the part of Kubernetes' strict schemas (no property that it doesn't know) that these kinds need, without descriptions and
 * without what a cluster says of itself. `from` is a folder with PyPI's kubernetes-validate, whose authors make them of Kubernetes' own
 * OpenAPI: pip download --no-deps kubernetes-validate, and unzip.
 */
export function recordSchemas(from: string): void {
  for (const version of VERSIONS) {
    const file = join(from, `kubernetes_validate/kubernetes-json-schema/v${version}.0-local-strict/_definitions.json`);
    const { $defs } = JSON.parse(readFileSync(file, 'utf8')) as { $defs: Definitions };
    const found = new Map<string, unknown>();
    for (const name of Object.values(KINDS)) collect(name, $defs, found);
    const sorted = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(recorded(version), `${JSON.stringify({ $defs: Object.fromEntries(sorted) })}\n`);
  }
}

function collect(name: string, $defs: Definitions, found: Map<string, unknown>): void {
  if (found.has(name)) return;
  const definition = JSON.parse(
    JSON.stringify($defs[name], (key, value: unknown) => (isLeftOut(key, value) ? undefined : value)),
  ) as unknown;
  const local = JSON.stringify(definition).replaceAll('/api/_definitions.json#', '#');
  found.set(name, JSON.parse(local));
  for (const [, next = ''] of local.matchAll(/"#\/\$defs\/([^"]+)"/g)) collect(next, $defs, found);
}

const isLeftOut = (key: string, value: unknown): boolean =>
  key.startsWith('x-kubernetes') ||
  (key === 'description' && typeof value === 'string') ||
  (key === 'status' && typeof value === 'object' && value !== null && '$ref' in value);

/** One document of a manifest, as far as its kind is concerned. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Checks manifests against one version of Kubernetes. */
export class ManifestChecker {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  readonly #checks = new Map<string, ValidateFunction>();

  constructor(version: KubernetesVersion) {
    this.#ajv.addSchema(JSON.parse(readFileSync(recorded(version), 'utf8')) as object, 'kubernetes');
  }

  /** What is wrong with it, by path; empty where nothing is. */
  problemsOf(manifest: Manifest): string[] {
    const kind = `${manifest.apiVersion} ${manifest.kind}`;
    const check = this.#checkOf(kind);
    if (check === undefined) return [`no schema of ${kind} is recorded`];
    check(manifest);
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) => `${kind} ${instancePath}: ${message} ${JSON.stringify(params)}`,
    );
  }

  #checkOf(kind: string): ValidateFunction | undefined {
    const name = (KINDS as Readonly<Record<string, string>>)[kind];
    if (name === undefined) return undefined;
    const check = this.#checks.get(kind) ?? this.#ajv.compile({ $ref: `kubernetes#/$defs/${name}` });
    this.#checks.set(kind, check);
    return check;
  }
}
