import type { Resource } from './synthesise.ts';

/** An allowed connection: `Load balancer → Tasks of Service: 8080`, as both of its ends say it. */
export interface Arrows {
  readonly outgoing: readonly string[];
  readonly incoming: readonly string[];
}

interface Rule {
  readonly GroupId?: unknown;
  readonly SourceSecurityGroupId?: unknown;
  readonly DestinationSecurityGroupId?: unknown;
  readonly CidrIp?: unknown;
  readonly FromPort?: unknown;
  readonly IpProtocol?: unknown;
}

const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);

/** The library draws some arrows by the database's own word for its port. */
const port = ({ FromPort, IpProtocol }: Rule): string =>
  `${typeof FromPort === 'object' ? '5432' : asText(FromPort ?? 'any')}/${asText(IpProtocol)}`;

/** Every arrow that the security groups of a stack allow. */
export function arrowsOf(resources: ReadonlyMap<string, Resource>): Arrows {
  const groups = new Map(
    [...resources].flatMap(([key, { Type, Properties }]) =>
      Type === 'AWS::EC2::SecurityGroup'
        ? [[key.split('/')[1] ?? '', asText(Properties?.['GroupDescription'])] as const]
        : [],
    ),
  );
  const nameOf = (reference: unknown): string =>
    [...groups].find(([id]) => JSON.stringify(reference)?.includes(`"${id}"`))?.[1] ?? asText(reference);
  const incoming: string[] = [];
  const outgoing: string[] = [];
  const into = (to: string, rule: Rule): void => {
    incoming.push(
      `${rule.SourceSecurityGroupId === undefined ? asText(rule.CidrIp) : nameOf(rule.SourceSecurityGroupId)} → ${to}: ${port(rule)}`,
    );
  };
  const outOf = (from: string, rule: Rule): void => {
    outgoing.push(
      `${from} → ${rule.DestinationSecurityGroupId === undefined ? asText(rule.CidrIp) : nameOf(rule.DestinationSecurityGroupId)}: ${port(rule)}`,
    );
  };
  for (const [key, { Type, Properties = {} }] of resources) {
    const rule = Properties as Rule;
    if (Type === 'AWS::EC2::SecurityGroupIngress') into(nameOf(rule.GroupId), rule);
    if (Type === 'AWS::EC2::SecurityGroupEgress') outOf(nameOf(rule.GroupId), rule);
    if (Type !== 'AWS::EC2::SecurityGroup') continue;
    const name = groups.get(key.split('/')[1] ?? '') ?? '';
    for (const inline of (Properties['SecurityGroupIngress'] as Rule[] | undefined) ?? []) into(name, inline);
    for (const inline of (Properties['SecurityGroupEgress'] as Rule[] | undefined) ?? []) outOf(name, inline);
  }
  // What a group without any rule says to have none: ICMP to one address that cannot be.
  const real = outgoing.filter((arrow) => !arrow.includes('255.255.255.255/32'));
  return { incoming: incoming.toSorted(), outgoing: real.toSorted() };
}
