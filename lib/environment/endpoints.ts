/**
 * What tasks, instances and the rotation function call of AWS in a network without NAT, all of it on port 443. ECR's layers come
 * from S3, whose gateway endpoint costs nothing. Source: Amazon ECS Developer Guide, "Amazon ECS interface VPC endpoints".
 */
export const networkEndpoints = [
  'ecr',
  'ecr-docker',
  'logs',
  'secrets',
  'ssm-messages',
  'ssm',
  'ecs',
  'ecs-agent',
  'ecs-telemetry',
  'monitoring',
] as const;

/** What the load test's checklist calls beside those. For Service Quotas the CDK knows no endpoint; that item is skipped there. */
export const checklistEndpoints = ['states', 'balancing', 'rds'] as const;
