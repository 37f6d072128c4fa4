import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type Environment, versionsUsed } from '../../environment/environment.ts';
import { BorrowedNames } from '../borrowed-names.ts';
import type { LoadTestConfiguration } from '../../environment/load-test.ts';
import { LoadTest } from './load-test.ts';
import type { LoadTestProps } from './props.ts';
import { builtTarget, existingTarget, type LoadTarget } from './target.ts';
import type { MonitoredSystem } from '../observability/metric.ts';
import type { StagingEnvironment } from '../staging/staging-environment.ts';
import type { checklistEndpoints } from '../../environment/endpoints.ts';

export interface LoadTestStackProps extends StackProps {
  readonly environment: Environment;
  readonly loadTest: LoadTestConfiguration;
  readonly prefix: string;
  readonly version: string;
  readonly monitored: MonitoredSystem;
  /** `ServiceAlarms.ids`. */
  readonly alarms: readonly string[];
  readonly scaling?: LoadTestProps['scaling'];
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
    const names = new BorrowedNames(this, 'Names');
    const target = this.#target(props, names);
    this.loadTest = new LoadTest(this, 'LoadTest', {
      ...sizes,
      ...target,
      prefix,
      version,
      monitored: names.system(monitored),
      alarms,
      ...(props.scaling && { scaling: props.scaling }),
      versions: versionsUsed(environment),
      topicArn: names.borrow('NoticeTopic', topicArn),
      topicKeyArn: names.borrow('TopicKey', topicKeyArn),
      pageTopicArn: names.borrow('PageTopic', pageTopicArn),
      allow: { hosts: [...ownHosts(props), ...environment.allow], production: allowProduction },
    });
    const network = environment.staging?.network;
    if (props.staging !== undefined && network?.egress === 'endpoints') {
      this.loadTest.node.addDependency(...addChecklistEndpoints(this, target, network.cidr));
    }
    const { workflow, aftermath, bucket } = this.loadTest;
    for (const [name, value] of [
      ['WorkflowArn', workflow.stateMachineArn],
      ['AftermathArn', aftermath.stateMachineArn],
      ['ResultsBucket', bucket.bucketName],
      ...startOutputs(this, workflow.stateMachineArn),
    ] as const) {
      this.#say(name, value);
    }
  }

  #say(name: string, value: string): CfnOutput {
    return new CfnOutput(this, name, { value });
  }

  #target({ environment, loadTest, staging }: LoadTestStackProps, names: BorrowedNames): LoadTarget {
    if (staging !== undefined && environment.staging !== undefined)
      return builtTarget(names, staging, environment.staging.service, loadTest.reset);
    if (environment.existing === undefined || loadTest.existing === undefined)
      throw new Error('the checks let no load test pass without a system and the way to it');
    return existingTarget(this, environment, environment.existing, loadTest.existing);
  }
}

/** What was deployed here for the purpose may be loaded without being named. */
const ownHosts = ({ staging }: LoadTestStackProps): string[] => (staging === undefined ? [] : [staging.balancer.host]);

/** What people look for first: how to start one, and where it is seen. */
const startOutputs = ({ region }: Stack, arn: string) =>
  [
    ['StartCommand', `aws stepfunctions start-execution --state-machine-arn ${arn} --input '{"plan":"smoke"}'`],
    [
      'WorkflowConsole',
      `https://${region}.console.aws.amazon.com/states/home?region=${region}#/statemachines/view/${arn}`,
    ],
  ] as const;

const SERVICES = {
  states: InterfaceVpcEndpointAwsService.STEP_FUNCTIONS,
  balancing: InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
  rds: InterfaceVpcEndpointAwsService.RDS,
} satisfies Record<(typeof checklistEndpoints)[number], InterfaceVpcEndpointAwsService>;

/** For a network that has no other way to AWS. */
function addChecklistEndpoints(scope: Construct, { vpc, subnets }: LoadTarget, cidr: string): InterfaceVpcEndpoint[] {
  const description = 'AWS interface endpoints of the load test';
  const group = new SecurityGroup(scope, 'EndpointGroup', { vpc, description, allowAllOutbound: false });
  group.addIngressRule(Peer.ipv4(cidr), Port.tcp(443), 'TLS from inside the VPC');
  return Object.entries(SERVICES).map(
    ([name, service]) =>
      new InterfaceVpcEndpoint(scope, `${name}-endpoint`, {
        vpc,
        service,
        subnets,
        securityGroups: [group],
        open: false,
      }),
  );
}
