import { Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeResource } from '../acknowledge.ts';

/**
 * What the ECS agent on an instance needs, and no more: no wildcard action, unlike AWS's managed policy and the library's own,
 * which are kept away by handing the role on without updates. Images are pulled, logs and secrets read by the tasks' execution role.
 * Source: Amazon ECS Developer Guide, "Amazon ECS container instance IAM role"; Service Authorization Reference, Amazon ECS.
 */
export function instanceRole(scope: Construct, cluster: ICluster): IRole {
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const instances = Stack.of(scope).formatArn({
    service: 'ecs',
    resource: 'container-instance',
    resourceName: `${cluster.clusterName}/*`,
  });
  role.addToPolicy(new PolicyStatement({ actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'ecs:RegisterContainerInstance',
        'ecs:DeregisterContainerInstance',
        'ecs:SubmitAttachmentStateChanges',
        'ecs:SubmitContainerStateChange',
        'ecs:SubmitTaskStateChange',
      ],
      resources: [cluster.clusterArn],
    }),
  );
  role.addToPolicy(
    new PolicyStatement({
      actions: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
      resources: [instances],
      conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
    }),
  );
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]': 'ecs:DiscoverPollEndpoint knows no resource (Service Authorization Reference).',
  });
  acknowledgeResource(role, instances, "The cluster's own instances, whose names ECS makes up when they register.");
  return role.withoutPolicyUpdates();
}
