import {
  CfnRoute,
  CfnSubnetRouteTableAssociation,
  CfnVPCEndpoint,
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetConfiguration,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, Dependable, type IDependable } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { networkEndpoints } from '../../environment/endpoints.ts';
import type { NetworkConfiguration } from '../../environment/environment.ts';

export interface NetworkProps extends NetworkConfiguration {
  /** Zone names such as `us-east-1a`; named, so that synthesis needs no account to look them up. */
  readonly availabilityZones: readonly string[];
  /** Flow logs go there: half the price of CloudWatch Logs for records that are not watched live. */
  readonly logs: IBucket;
}

const SERVICES = {
  ecr: InterfaceVpcEndpointAwsService.ECR,
  'ecr-docker': InterfaceVpcEndpointAwsService.ECR_DOCKER,
  logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  secrets: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  'ssm-messages': InterfaceVpcEndpointAwsService.SSM_MESSAGES,
  ssm: InterfaceVpcEndpointAwsService.SSM,
  ecs: InterfaceVpcEndpointAwsService.ECS,
  'ecs-agent': InterfaceVpcEndpointAwsService.ECS_AGENT,
  'ecs-telemetry': InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
  monitoring: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
} satisfies Record<(typeof networkEndpoints)[number], InterfaceVpcEndpointAwsService>;

/**
 * A VPC in which everything that works has a private address. `egress: nat` adds public subnets for the NAT gateways and for
 * nothing else; `egress: endpoints` has no way to the Internet at all. Data has subnets of its own with no way out either way.
 */
export class Network extends Construct {
  readonly vpc: IVpc;
  /** Subnets for tasks, instances and the balancer. */
  readonly workers: SubnetSelection = { subnetGroupName: 'workers' };
  /** Subnets for database and cache. */
  readonly data: SubnetSelection = { subnetGroupName: 'data' };
  /**
   * What leads to AWS: routes, and endpoints. What runs here is made after it and removed before. Nothing else refers to a route, so where
   * a deployment is rolled back it would go first, and tasks and instances that reach AWS no more can't be drained or say that they ended.
   * Source: AWS CloudFormation Template Reference, "DependsOn attribute", when a VPC gateway must be named.
   */
  readonly wayOut: IDependable;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const viaNat = props.egress === 'nat';
    // The cast: under exactOptionalPropertyTypes the library's class does not fit its own interface.
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(props.cidr),
      availabilityZones: [...props.availabilityZones],
      natGateways: viaNat ? (props.natGateways ?? 1) : 0,
      subnetConfiguration: subnets(viaNat),
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
      // Emptying the default group takes a Lambda function with rights over groups; nothing here uses that group.
      restrictDefaultSecurityGroup: false,
    }) as IVpc;
    this.wayOut = waysOf(this);
    this.vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toS3(props.logs, 'flow') });
    if (!viaNat) this.#addEndpoints(props.cidr);
    acknowledge(this, {
      'CloudFormation-Validate::W3010':
        'Zones stand in the configuration, so that synthesis needs no account to look them up.',
    });
  }

  /** A group of its own for each part, with no rule at all: every rule is added by the part that needs it. */
  groupFor(scope: Construct, id: string, description: string): SecurityGroup {
    return new SecurityGroup(scope, id, { vpc: this.vpc, description, allowAllOutbound: false });
  }

  /** AWS's own interfaces over TLS: by NAT, by endpoint, and S3 by its gateway. Where there is no NAT, nothing else is routed. */
  allowAws(group: SecurityGroup): void {
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS APIs over TLS: endpoints, the S3 gateway, or NAT');
  }

  #addEndpoints(cidr: string): void {
    const group = this.groupFor(this, 'EndpointGroup', 'AWS interface endpoints');
    group.addIngressRule(Peer.ipv4(cidr), Port.tcp(443), 'TLS from inside the VPC');
    for (const [name, service] of Object.entries(SERVICES)) {
      this.vpc.addInterfaceEndpoint(name, { service, subnets: this.workers, securityGroups: [group], open: false });
    }
  }
}

/** Looked up when a dependency is asked for, since endpoints may be added later. */
function waysOf(network: Network): IDependable {
  const ways: IDependable = {};
  const leads = [CfnRoute, CfnSubnetRouteTableAssociation, CfnVPCEndpoint];
  Dependable.implement(ways, {
    get dependencyRoots() {
      return network.node.findAll().filter((part) => leads.some((kind) => part instanceof kind));
    },
  });
  return ways;
}

function subnets(viaNat: boolean): SubnetConfiguration[] {
  const workers = viaNat ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED;
  return [
    ...(viaNat ? [{ name: 'nat', subnetType: SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false }] : []),
    // awsvpc tasks take an address each: /20 holds some 4,000 of them a zone.
    { name: 'workers', subnetType: workers, cidrMask: 20 },
    { name: 'data', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 },
  ];
}
