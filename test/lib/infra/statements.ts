import type { Resource } from './synthesise.ts';

/** One statement of any policy in a template, lists made of single values. */
export interface Statement {
  readonly id: string;
  readonly Effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly isKeyPolicy: boolean;
}

/** A trust policy names no resource. */
const list = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value ?? 'none']).map((each) =>
    typeof each === 'string' ? each : JSON.stringify(each),
  );

/** Every statement below a resource, wherever it stands: policies, inline policies, bucket, topic and key policies. */
export function statementsOf(id: string, { Type, Properties }: Resource): Statement[] {
  const found: Statement[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Statement' && Array.isArray(inner)) {
        for (const each of inner as Record<string, unknown>[]) {
          found.push({
            id,
            Effect: String(each['Effect']),
            actions: list(each['Action']),
            resources: list(each['Resource']),
            isKeyPolicy: Type === 'AWS::KMS::Key',
          });
        }
      } else walk(inner);
    }
  };
  walk(Properties);
  return found;
}
