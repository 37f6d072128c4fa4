import { Token } from 'aws-cdk-lib';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { MonitoredSystem } from './observability/metric.ts';

/**
 * Names that another stack gives, each read from it once. Alarms, dashboards, functions and rights name the same few resources again and
 * again, and CloudFormation reads an output for each place where it stands: at 75 it throttled itself (aws-cdk #38010). A parameter in
 * Systems Manager is the one resource that costs nothing, does nothing, and gives back its value within the stack.
 * Source: AWS CloudFormation Template Reference, AWS::SSM::Parameter, return values.
 */
export class BorrowedNames extends Construct {
  readonly #known = new Map<string, string>();

  /** The same value, read here; what is known while synthesising stays as it is. */
  borrow(id: string, value: string): string {
    if (!Token.isUnresolved(value)) return value;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const alike = this.node.children.filter((child) => child.node.id.replace(/\d+$/, '') === id).length;
    const { attrValue } = new CfnParameter(this, alike === 0 ? id : `${id}${alike + 1}`, { type: 'String', value });
    this.#known.set(value, attrValue);
    return attrValue;
  }

  /** All names of a system; its numbers are known. */
  system({ resources, quantities, logGroupName }: MonitoredSystem): MonitoredSystem {
    const parts = Object.entries(resources).map(([resource, each]) => [
      resource,
      each.map((dimensions) => this.#all(dimensions)),
    ]);
    return {
      resources: Object.fromEntries(parts) as MonitoredSystem['resources'],
      quantities,
      ...(logGroupName !== undefined && { logGroupName: this.borrow('LogGroup', logGroupName) }),
    };
  }

  #all(dimensions: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name, this.borrow(name, value)]));
  }
}
