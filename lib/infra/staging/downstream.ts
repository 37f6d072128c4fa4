import { Duration } from 'aws-cdk-lib';
import { Port, type SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { DnsRecordType, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Construct } from 'constructs';
import { Workload, type WorkloadProps } from './workload.ts';

/** A service that the one under test calls, with a life of its own (R84, R154), found by name inside the VPC. */
export class Downstream extends Construct {
  /** `http://name:port`. */
  readonly url: string;
  readonly #workload: Workload;
  readonly #port: number;

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    this.#port = props.port;
    this.#workload = new Workload(this, 'Tasks', props);
    const namespace = new PrivateDnsNamespace(this, 'Namespace', { vpc: props.network.vpc, name: 'plimsoll.internal' });
    this.#workload.service.enableCloudMap({
      cloudMapNamespace: namespace,
      name: 'downstream',
      dnsRecordType: DnsRecordType.A,
      // Short, so that a task that went is forgotten soon: clients keep a name as long.
      dnsTtl: Duration.seconds(10),
    });
    this.url = `http://downstream.${namespace.namespaceName}:${props.port}`;
  }

  allowFrom(client: SecurityGroup): void {
    client.connections.allowTo(this.#workload.group, Port.tcp(this.#port), 'Calls downstream');
  }
}
