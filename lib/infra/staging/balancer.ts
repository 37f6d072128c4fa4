import { Duration } from 'aws-cdk-lib';
import { Port, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  type ApplicationTargetGroup,
  type IApplicationLoadBalancerTarget,
  ListenerCertificate,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, PrivateHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Network } from './network.ts';

export interface BalancerProps {
  readonly network: Network;
  readonly logs: IBucket;
  /** ARN in AWS Certificate Manager. With it HTTPS on 443; without, HTTP on 80, which never leaves the VPC. */
  readonly certificateArn?: string | undefined;
  /** What the certificate holds: inside the VPC an alias for the balancer. */
  readonly hostName?: string | undefined;
  readonly deletionProtection: boolean;
  /** By itself a balancer grows over minutes. Source: Elastic Load Balancing User Guide, "Capacity reservations". */
  readonly reservedCapacityUnits?: number | undefined;
}

/** What a task offers to the balancer. */
export interface Backend {
  readonly port: number;
  /** Answers 200 while the task itself runs; it must not ask the database. */
  readonly livePath: string;
  readonly target: IApplicationLoadBalancerTarget;
}

/**
 * An internal Application Load Balancer. Only who carries the group `clients` reaches it: the load generator does, and
 * whatever else is given the group on purpose.
 */
export class Balancer extends Construct {
  readonly balancer: ApplicationLoadBalancer;
  /** Carried by those who may send requests. */
  readonly clients: SecurityGroup;
  readonly group: SecurityGroup;
  readonly port: number;
  /** By which requests reach it. */
  readonly host: string;
  readonly #certificateArn: string | undefined;

  constructor(scope: Construct, id: string, props: BalancerProps) {
    super(scope, id);
    this.#certificateArn = props.certificateArn;
    this.port = props.certificateArn === undefined ? 80 : 443;
    this.group = props.network.groupFor(this, 'Group', 'Load balancer');
    this.clients = props.network.groupFor(this, 'Clients', 'May send requests to the load balancer');
    this.clients.connections.allowTo(this.group, Port.tcp(this.port), 'Requests');
    this.balancer = new ApplicationLoadBalancer(this, 'Balancer', {
      vpc: props.network.vpc,
      vpcSubnets: props.network.workers,
      internetFacing: false,
      securityGroup: this.group,
      dropInvalidHeaderFields: true,
      deletionProtection: props.deletionProtection,
      // Longer than any keep-alive of a client, shorter than a task's: the balancer closes first, so no request meets a closing one.
      idleTimeout: Duration.seconds(60),
      ...(props.reservedCapacityUnits !== undefined && { minimumCapacityUnit: props.reservedCapacityUnits }),
    });
    this.balancer.logAccessLogs(props.logs, 'balancer');
    this.host = props.hostName ?? this.balancer.loadBalancerDnsName;
    if (props.hostName !== undefined) this.#alias(props.hostName, props.network);
  }

  /** A zone of that one name, for this VPC alone: what else the domain holds is answered as before. */
  #alias(zoneName: string, { vpc }: Network): ARecord {
    const zone = new PrivateHostedZone(this, 'Zone', { vpc, zoneName });
    return new ARecord(this, 'Alias', {
      zone,
      target: RecordTarget.fromAlias(new LoadBalancerTarget(this.balancer)),
    });
  }

  /**
   * One listener, one target group. The group's health check is what a deployment and scaling wait for, and ECS stops at once each task that
   * fails it: with one that asks the database, a slow database would cost every task at the same moment, in the middle of a
   * measurement of just that. Source: Amazon ECS Developer Guide, "Optimize load balancer health check parameters for Amazon ECS".
   */
  serve({ port, livePath, target }: Backend): ApplicationTargetGroup {
    const isSecure = this.#certificateArn !== undefined;
    const listener = this.balancer.addListener('Listener', {
      port: this.port,
      protocol: isSecure ? ApplicationProtocol.HTTPS : ApplicationProtocol.HTTP,
      // The group of clients is the only way in; the library would open the port to every address.
      open: false,
      ...(this.#certificateArn !== undefined && {
        certificates: [ListenerCertificate.fromArn(this.#certificateArn)],
        sslPolicy: SslPolicy.RECOMMENDED_TLS,
      }),
    });
    return listener.addTargets('Targets', {
      port,
      protocol: ApplicationProtocol.HTTP,
      targets: [target],
      // Requests under way get half a minute, three times the longest objective, before a task is asked to stop.
      deregistrationDelay: Duration.seconds(30),
      healthCheck: {
        path: livePath,
        healthyHttpCodes: '200',
        // Ten seconds, twice: a task counts as gone after 20 s and as there after 20 s.
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
      },
    });
  }
}
