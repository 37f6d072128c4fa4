import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, Peer, Port } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { checklistEndpoints } from '../../environment/endpoints.ts';
import type { Network } from '../staging/network.ts';

const SERVICES = {
  states: InterfaceVpcEndpointAwsService.STEP_FUNCTIONS,
  balancing: InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
  rds: InterfaceVpcEndpointAwsService.RDS,
} satisfies Record<(typeof checklistEndpoints)[number], InterfaceVpcEndpointAwsService>;

/** For a network that has no other way to AWS. */
export function addChecklistEndpoints(scope: Construct, network: Network, cidr: string): InterfaceVpcEndpoint[] {
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
