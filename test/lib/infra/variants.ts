import type { EnvironmentConfiguration } from '../../../lib/environment/parse.ts';

/** The system built, behind HTTPS and a balancer that is large from the start. */
export const certificate = ({ environment, scaling }: EnvironmentConfiguration): EnvironmentConfiguration => {
  const { staging } = environment;
  if (staging === undefined) throw new Error('nothing is built here');
  const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555';
  const service = {
    ...staging.service,
    certificateArn,
    hostName: 'shop.staging.example.org',
    reservedCapacityUnits: 100,
  };
  return { environment: { ...environment, staging: { ...staging, service } }, scaling };
};

const around =
  (database: string, resourceId: string) =>
  ({ environment, scaling }: EnvironmentConfiguration): EnvironmentConfiguration => {
    const { staging: _, loadTest, ...rest } = environment;
    if (loadTest === undefined) throw new Error('nothing is loaded here');
    const { reset: __, ...sizes } = loadTest;
    const balancer = 'arn:aws:elasticloadbalancing:us-east-1:111122223333';
    return {
      scaling,
      environment: {
        ...rest,
        allow: ['shop.internal'],
        existing: {
          loadBalancerArn: `${balancer}:loadbalancer/app/shop/50dc6c495c0c9188`,
          targetGroupArn: `${balancer}:targetgroup/shop/73e2d6bc24d8a067`,
          serviceArn: 'arn:aws:ecs:us-east-1:111122223333:service/shop/api',
          databaseArn: `arn:aws:rds:us-east-1:111122223333:db:${database}`,
          cache: { arn: 'arn:aws:elasticache:us-east-1:111122223333:replicationgroup:shop-cache', nodes: 2 },
        },
        loadTest: {
          ...sizes,
          existing: {
            target: 'https://shop.internal',
            healthPath: '/health',
            vpcId: 'vpc-0123456789abcdef0',
            subnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
            clientsGroupId: 'sg-0123456789abcdef0',
            collect: {
              groupId: 'sg-0123456789abcdef1',
              port: 8080,
              metricsPath: '/metrics',
              database: {
                host: `${database}.cabc123.us-east-1.rds.amazonaws.com`,
                port: 5432,
                name: 'shop',
                resourceId,
              },
              cacheUrlSecretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-cache-url-AbCdEf',
            },
          },
        },
      },
    };
  };

/** Around a system that is there, with an instance of RDS; or with a cluster of Aurora, by the instance that writes. */
export const existingInstance = around('shop', 'db-ABCDEFGHIJKL0123456789');
export const existingAurora = around('shop-writer', 'cluster-ABCDEFGHIJKL0123456789');
