import { synthesise } from '../../lib/infra/synthesise.ts';
import type { EnvironmentName } from '../../lib/infra/configurations.ts';

/** A name that the stand-in makes up, by the variable of the shell that has it. */
const made = (variable: string): string => `@${variable}@`;

/** What the stand-in has of an environment: each thing under a name of its own, whatever CloudFormation would call it. */
const NAMES: Readonly<Record<string, unknown>> = {
  ClusterName: 'cluster',
  ServiceName: 'service',
  TaskFamily: 'task',
  TargetGroup: made('targets'),
  TaskSubnets: 'subnet-1,subnet-2',
  TaskGroup: 'sg-1',
  InstancesGroup: { Ref: 'Instances' },
  DatabaseName: { Ref: 'Database' },
  DatabaseSecret: 'secret',
  LogBucket: 'logs',
  ResultsBucket: 'results',
  WorkflowArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:workflow',
  AftermathArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:aftermath',
  RenewalArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:renewal',
};

/** What the pages find by its type, with what holds it. */
const RESOURCES: Readonly<Record<string, { readonly Type: string; readonly Properties: object }>> = {
  Database: {
    Type: 'AWS::RDS::DBInstance',
    Properties: {
      DBInstanceClass: 'db.m7g.large',
      Engine: 'postgres',
      AllocatedStorage: '20',
      MasterUsername: 'plimsoll',
      MasterUserPassword: 'of-the-stand-in',
      DeletionProtection: true,
    },
  },
  Balancer: {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: { Scheme: 'internal', Subnets: [made('subnet1'), made('subnet2')] },
  },
  Instances: {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: { MinSize: '1', MaxSize: '2', AvailabilityZones: ['us-east-1a'], LaunchConfigurationName: 'it' },
  },
};

/** The outputs that the synthesised stack really has, and no others; the resources of its types that the pages ask for. */
function stackOf(environment: EnvironmentName, stack: 'staging' | 'load-test'): string {
  const template = synthesise(environment).of(stack);
  const outputs = Object.keys(template.findOutputs('*')).map((key) => [key, { Value: NAMES[key] ?? `of ${key}` }]);
  const found = Object.entries(RESOURCES).filter(
    ([, { Type }]) => Object.keys(template.findResources(Type)).length > 0,
  );
  const resources = found.length === 0 ? [['Any', { Type: 'AWS::SNS::Topic' }]] : found;
  const body = { Resources: Object.fromEntries(resources) as object, Outputs: Object.fromEntries(outputs) as object };
  const written = JSON.stringify(body).replaceAll(/@(\w+)@/g, (_, variable: string) => `'"$${variable}"'`);
  return `aws cloudformation create-stack --stack-name plimsoll-${environment}-${stack} --template-body '${written}'`;
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
read -r vpc subnet1 _ <<< "$(aws ec2 describe-subnets --filters Name=availability-zone,Values=us-east-1a --output text \\
  --query 'Subnets[0].[VpcId,SubnetId]')"
subnet2=$(aws ec2 describe-subnets --filters Name=availability-zone,Values=us-east-1b --query 'Subnets[0].SubnetId' --output text)
targets=$(aws elbv2 create-target-group --name targets --protocol HTTP --port 80 --vpc-id "$vpc" --output text \\
  --query 'TargetGroups[0].TargetGroupArn')
aws application-autoscaling register-scalable-target --service-namespace ecs --resource-id service/cluster/service \\
  --scalable-dimension ecs:service:DesiredCount --min-capacity 1 --max-capacity ${tasks}
aws autoscaling create-launch-configuration --launch-configuration-name it --image-id ami-1 --instance-type m7g.large
for bucket in logs results; do aws s3 mb "s3://$bucket"; done
aws secretsmanager create-secret --name secret --secret-string it
for machine in workflow aftermath renewal; do
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
