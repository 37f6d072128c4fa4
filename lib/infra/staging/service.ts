import { Duration } from 'aws-cdk-lib';
import { Port } from 'aws-cdk-lib/aws-ec2';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { Balancer } from './balancer.ts';
import { CONTAINER, Workload, type WorkloadProps } from './workload.ts';

export interface ServiceProps extends WorkloadProps {
  readonly balancer: Balancer;
  /** Answers 200 when the task can work. */
  readonly healthPath: string;
}

/** The service under test: a workload behind the balancer. */
export class Service extends Construct {
  readonly workload: Workload;
  readonly targets: ApplicationTargetGroup;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    // A start under load may take a minute; sooner, the balancer would call it sick.
    this.workload = new Workload(this, 'Tasks', { ...props, healthCheckGracePeriod: Duration.seconds(60) });
    const { group, service } = this.workload;
    props.balancer.group.connections.allowTo(group, Port.tcp(props.port), 'Requests and health checks');
    this.targets = props.balancer.serve({
      port: props.port,
      healthPath: props.healthPath,
      target: service.loadBalancerTarget({ containerName: CONTAINER, containerPort: props.port }),
    });
  }
}
