import { synthesise } from '../../lib/infra/synthesise.ts';
import type { EnvironmentName } from '../../lib/infra/configurations.ts';

/** The one name that the stand-in makes up, and the shell has as $targets. */
const MADE = 'MADE';

/** What the stand-in has of an environment: each thing under a name of its own, whatever CloudFormation would call it. */
const NAMES: Readonly<Record<string, string>> = {
  ClusterName: 'cluster',
  ServiceName: 'service',
  TaskFamily: 'task',
  TargetGroup: MADE,
  TaskSubnets: 'subnet-1,subnet-2',
  TaskGroup: 'sg-1',
  InstancesGroup: 'instances',
  LogBucket: 'logs',
  ResultsBucket: 'results',
  WorkflowArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:workflow',
  AftermathArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:aftermath',
};

/** The outputs that the synthesised stack really has, and no others. */
function stackOf(environment: EnvironmentName, stack: 'staging' | 'load-test'): string {
  const keys = Object.keys(synthesise(environment).of(stack).findOutputs('*'));
  const outputs = keys.map((key) => [key, { Value: NAMES[key] ?? `of ${key}` }]);
  const body = { Resources: { Any: { Type: 'AWS::SNS::Topic' } }, Outputs: Object.fromEntries(outputs) as object };
  return `aws cloudformation create-stack --stack-name plimsoll-${environment}-${stack} --template-body '${JSON.stringify(body).replace(MADE, `'"$targets"'`)}'`;
}

/** What a reader finds by what the pages do not create: an environment, deployed. At most `tasks` of the service. */
export const deployed = (environment: EnvironmentName, tasks: number): string => `
set -e
exec > /dev/null
aws ecs create-cluster --cluster-name cluster
for revision in 1 2; do
  aws ecs register-task-definition --family task --container-definitions '[{"name":"service","image":"it","memory":128}]'
done
aws ecs create-service --cluster cluster --service-name service --task-definition task --desired-count 1
vpc=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text)
targets=$(aws elbv2 create-target-group --name targets --protocol HTTP --port 80 --vpc-id "$vpc" --output text \\
  --query 'TargetGroups[0].TargetGroupArn')
aws application-autoscaling register-scalable-target --service-namespace ecs --resource-id service/cluster/service \\
  --scalable-dimension ecs:service:DesiredCount --min-capacity 1 --max-capacity ${tasks}
aws autoscaling create-launch-configuration --launch-configuration-name it --image-id ami-1 --instance-type m7g.large
aws autoscaling create-auto-scaling-group --auto-scaling-group-name instances --launch-configuration-name it \\
  --min-size 1 --max-size 2 --availability-zones us-east-1a
for bucket in logs results; do aws s3 mb "s3://$bucket"; done
for machine in workflow aftermath; do
  aws stepfunctions create-state-machine --name "$machine" --role-arn arn:aws:iam::123456789012:role/it \\
    --definition '{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}'
done
for alarm in error-rate response-time-p99 unhealthy-hosts; do
  aws cloudwatch put-metric-alarm --alarm-name "plimsoll-${environment}-$alarm" --namespace N --metric-name M --statistic Average \\
    --period 60 --evaluation-periods 1 --threshold 1 --comparison-operator GreaterThanThreshold
done
${stackOf(environment, 'staging')}
${stackOf(environment, 'load-test')}
`;
