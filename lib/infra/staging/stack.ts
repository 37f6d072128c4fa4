import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StagingEnvironment, type StagingEnvironmentProps } from './staging-environment.ts';

export type StagingStackProps = StagingEnvironmentProps & StackProps;

/** The system to test, as one stack. */
export class StagingStack extends Stack {
  readonly environmentUnderTest: StagingEnvironment;
  readonly #zones: readonly string[];

  constructor(scope: Construct, id: string, props: StagingStackProps) {
    super(scope, id, props);
    this.#zones = props.availabilityZones;
    this.environmentUnderTest = new StagingEnvironment(this, 'Staging', props);
    for (const [name, value] of Object.entries(namesOf(this.environmentUnderTest))) this.#say(name, value);
  }

  /** From the configuration, so that synthesis asks no account. */
  override get availabilityZones(): string[] {
    return [...this.#zones];
  }

  #say(name: string, value: string): CfnOutput {
    return new CfnOutput(this, name, { value });
  }
}

/** What runbooks, plans and people ask for by name. */
function namesOf({
  address,
  network,
  balancer,
  cluster,
  service,
  database,
  logs,
  renewalArn,
}: StagingEnvironment): Record<string, string> {
  const { instances } = cluster;
  return {
    Address: address,
    ClientsGroup: balancer.clients.securityGroupId,
    ClusterName: cluster.cluster.clusterName,
    ServiceName: service.workload.service.serviceName,
    TaskFamily: service.workload.taskDefinition.family,
    TaskSubnets: network.vpc.selectSubnets(network.workers).subnetIds.join(','),
    TaskGroup: service.workload.group.securityGroupId,
    TargetGroup: service.targets.targetGroupArn,
    LogGroup: service.workload.logGroup.logGroupName,
    DatabaseName: database.instance.instanceIdentifier,
    DatabaseSecret: database.secret.secretArn,
    RenewalArn: renewalArn,
    LogBucket: logs.bucketName,
    ...(instances && { InstancesGroup: instances.group.autoScalingGroupName }),
  };
}
