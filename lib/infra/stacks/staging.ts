import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StagingEnvironment, type StagingEnvironmentProps } from '../staging-environment.ts';

export type StagingStackProps = StagingEnvironmentProps & StackProps;

/** The system to test, as one stack. */
export class StagingStack extends Stack {
  readonly environmentUnderTest: StagingEnvironment;
  readonly #zones: readonly string[];

  constructor(scope: Construct, id: string, props: StagingStackProps) {
    super(scope, id, props);
    this.#zones = props.availabilityZones;
    this.environmentUnderTest = new StagingEnvironment(this, 'Staging', props);
    this.exportValue(this.environmentUnderTest.balancer.balancer.loadBalancerDnsName, { name: `${id}-Address` });
  }

  /** From the configuration, so that synthesis asks no account. */
  override get availabilityZones(): string[] {
    return [...this.#zones];
  }
}
