import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, Peer, Port } from 'aws-cdk-lib/aws-ec2';
import type { Environment } from '../../environment/environment.ts';
import type { LoadTestConfiguration } from '../../environment/load-test.ts';
import { LoadTest } from './load-test.ts';
import { builtTarget, existingTarget, type LoadTarget } from './target.ts';
import type { MonitoredSystem } from '../observability/metric.ts';
import type { StagingEnvironment } from '../staging/staging-environment.ts';
import type { checklistEndpoints } from '../../environment/endpoints.ts';
import type { Network } from '../staging/network.ts';

export interface LoadTestStackProps extends StackProps {
  readonly environment: Environment;
  readonly loadTest: LoadTestConfiguration;
  readonly prefix: string;
  readonly version: string;
  readonly monitored: MonitoredSystem;
  /** `ServiceAlarms.ids`. */
  readonly alarms: readonly string[];
  /** Absent where the system was there already. */
  readonly staging?: StagingEnvironment | undefined;
  readonly topicArn: string;
  readonly topicKeyArn: string;
  readonly pageTopicArn: string;
}

/** Load tests of an environment, built here or there already. */
export class LoadTestStack extends Stack {
  readonly loadTest: LoadTest;

  constructor(scope: Construct, id: string, props: LoadTestStackProps) {
    super(scope, id, props);
    const { environment, loadTest, prefix, version, monitored, alarms, topicArn, topicKeyArn, pageTopicArn } = props;
    const { existing: _, reset: __, allowProduction = [], ...sizes } = loadTest;
    this.loadTest = new LoadTest(this, 'LoadTest', {
      ...sizes,
      ...this.#target(props),
      prefix,
      version,
      monitored,
      alarms,
      topicArn,
      topicKeyArn,
      pageTopicArn,
      allow: { hosts: environment.allow, production: allowProduction },
    });
    const network = environment.staging?.network;
    if (props.staging !== undefined && network?.egress === 'endpoints') {
      this.loadTest.node.addDependency(...addChecklistEndpoints(this, props.staging.network, network.cidr));
    }
    const { workflow, aftermath, bucket } = this.loadTest;
    for (const [name, value] of [
      ['WorkflowArn', workflow.stateMachineArn],
      ['AftermathArn', aftermath.stateMachineArn],
      ['ResultsBucket', bucket.bucketName],
    ] as const) {
      this.#say(name, value);
    }
  }

  #say(name: string, value: string): CfnOutput {
    return new CfnOutput(this, name, { value });
  }

  #target({ environment, loadTest, staging }: LoadTestStackProps): LoadTarget {
    if (staging !== undefined)
      return builtTarget(staging, environment.staging?.service.healthPath ?? '/', loadTest.reset);
    if (environment.existing === undefined || loadTest.existing === undefined)
      throw new Error('the checks let no load test pass without a system and the way to it');
    return existingTarget(this, environment, environment.existing, loadTest.existing);
  }
}

const SERVICES = {
  states: InterfaceVpcEndpointAwsService.STEP_FUNCTIONS,
  balancing: InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
  rds: InterfaceVpcEndpointAwsService.RDS,
} satisfies Record<(typeof checklistEndpoints)[number], InterfaceVpcEndpointAwsService>;

/** For a network that has no other way to AWS. */
function addChecklistEndpoints(scope: Construct, network: Network, cidr: string): InterfaceVpcEndpoint[] {
  const group = network.groupFor(scope, 'EndpointGroup', 'AWS interface endpoints of the load test');
  group.addIngressRule(Peer.ipv4(cidr), Port.tcp(443), 'TLS from inside the VPC');
  return Object.entries(SERVICES).map(
    ([name, service]) =>
      new InterfaceVpcEndpoint(scope, `${name}-endpoint`, {
        vpc: network.vpc,
        service,
        subnets: network.workers,
        securityGroups: [group],
        open: false,
      }),
  );
}
