import type { Template } from 'aws-cdk-lib/assertions';

/** Behind the name that the library gives to a resource stands a hash, which says nothing to a reader. */
const nameOf = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

/** What another stack gives: `PublishOutputRef<id><hash>`, `PublishOutputFnGetAtt<id><attribute><hash>`. */
const givenName = (output: string): string => {
  const [, id = output, attribute = ''] =
    /^PublishOutput(?:Ref|FnGetAtt)(\w+?)[0-9A-F]{8}(\w*?)[0-9A-F]{8}$/.exec(output) ?? [];
  return attribute === '' ? id : `${id}.${attribute}`;
};

/**
 * A value of a template as a reader would write it: for CloudFormation's functions the names of what they mean, such as
 * `LoadTestGroup.GroupId`, whether it is of this stack or of another.
 */
export function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return nameOf(String(value.Ref));
  if ('Fn::Sub' in value) return value['Fn::Sub'];
  if ('Fn::GetAtt' in value) {
    const [id = '', attribute = ''] = value['Fn::GetAtt'] as string[];
    return `${nameOf(id)}.${attribute}`;
  }
  if ('Fn::GetStackOutput' in value) {
    const { OutputName } = value['Fn::GetStackOutput'] as { OutputName: string };
    return givenName(OutputName);
  }
  if ('Fn::Join' in value) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map((part) => String(readable(part))).join(separator);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]));
}

/** The value with the names that a stack has borrowed (lib/infra/borrowed-names.ts) as they stand in the stack that gives them. */
export function unborrowed(template: Template, value: unknown): unknown {
  const parameters = template.findResources('AWS::SSM::Parameter');
  const walk = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    const [id = ''] = 'Fn::GetAtt' in part ? (part['Fn::GetAtt'] as string[]) : [];
    const parameter = parameters[id];
    if (parameter !== undefined) return (parameter['Properties'] as { Value: unknown }).Value;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value);
}
