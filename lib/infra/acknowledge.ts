import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Accepts findings of cdk-nag at one construct, each with the reason that a security reviewer reads. A finding without a
 * reason here makes synthesis fail.
 */
export function acknowledge(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(scope).acknowledge({ id, reason });
}

/** Accepts one resource with a wildcard in a policy of `scope`, as it is written in the template. */
export function acknowledgeResource(scope: IConstruct, resource: string, reason: string): void {
  acknowledge(scope, { [`AwsSolutions-IAM5[Resource::${written(Stack.of(scope).resolve(resource))}]`]: reason });
}

/** As cdk-nag writes a value: references in angle brackets. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value) return `<${String(value.Ref)}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return `<${value['Fn::GetAtt'].join('.')}>`;
  const join = 'Fn::Join' in value && Array.isArray(value['Fn::Join']) ? value['Fn::Join'] : [];
  const parts: unknown = join[1];
  return Array.isArray(parts) ? parts.map(written).join(String(join[0])) : JSON.stringify(value);
}
