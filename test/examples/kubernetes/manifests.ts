import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const MANIFESTS = 'examples/kubernetes';

/** One document of the manifests, with the file that it stands in. */
export interface FoundManifest {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: PodOwner & Readonly<Record<string, unknown>>;
}

interface PodOwner {
  readonly template?: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
}

type Labels = Readonly<Record<string, string>>;

interface PodSpec {
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly { readonly name: string }[];
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: { readonly requests: Labels; readonly limits: Labels };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

/** Documents of every YAML file below the folder that kubectl would send to a cluster. */
export function manifests(): FoundManifest[] {
  return readdirSync(MANIFESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.includes('/') && file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
    .toSorted()
    .flatMap((file) =>
      parseAllDocuments(readFileSync(join(MANIFESTS, file), 'utf8')).map((document) => ({
        ...(document.toJS() as Omit<FoundManifest, 'file'>),
        file,
      })),
    );
}

/** What runs as pods, with the labels that pods get. */
export interface RunningPod {
  readonly name: string;
  readonly labels: Labels;
  readonly pod: PodSpec;
}

export const podsOf = (all: readonly FoundManifest[]): RunningPod[] =>
  all.flatMap(({ kind, metadata, spec }) => {
    const { name } = metadata;
    if (kind === 'Pod') {
      const { labels = {} } = metadata as { labels?: Labels };
      return [{ name, labels, pod: spec as unknown as PodSpec }];
    }
    return spec?.template === undefined
      ? []
      : [{ name, labels: spec.template.metadata.labels, pod: spec.template.spec }];
  });
