import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { statementsOf } from './statements.ts';
import { type Resource, type Synthesised, synthesise } from './synthesise.ts';

let staging: Synthesised;
let perf: Synthesised;

beforeAll(() => {
  staging = synthesise('staging');
  perf = synthesise('perf');
});

/** Logical id and resource of every one of a type. */
const ofType = ({ resources }: Synthesised, type: string): [string, Resource][] =>
  [...resources].flatMap(([key, resource]) => (resource.Type === type ? [[key.split('/')[1] ?? '', resource]] : []));

const text = (value: unknown): string => JSON.stringify(value) ?? '';

/** Ids of the subnets whose name in the VPC begins so. */
const subnetsOf = (from: Synthesised, name: string): string[] =>
  ofType(from, 'AWS::EC2::Subnet').flatMap(([id, { Properties }]) =>
    text(Properties?.['Tags']).includes(`"aws-cdk:subnet-name","Value":"${name}"`) ? [id] : [],
  );

const refs = (ids: readonly string[]): unknown[] => ids.map((Ref) => ({ Ref }));

describe('who stands where', () => {
  test('database and cache stand in the data subnets, balancer, tasks and instances in those of the workers', () => {
    const data = refs(subnetsOf(perf, 'data'));
    const workers = refs(subnetsOf(perf, 'workers'));
    expect([data.length, workers.length]).toEqual([3, 3]);
    const groups = [...ofType(perf, 'AWS::RDS::DBSubnetGroup'), ...ofType(perf, 'AWS::ElastiCache::SubnetGroup')].map(
      ([, { Properties }]) => Properties?.['SubnetIds'],
    );
    expect(groups).toEqual([data, data]);
    const [[, balancer]] = ofType(perf, 'AWS::ElasticLoadBalancingV2::LoadBalancer') as [[string, Resource]];
    const [[, instances]] = ofType(perf, 'AWS::AutoScaling::AutoScalingGroup') as [[string, Resource]];
    const [[, proxy]] = ofType(perf, 'AWS::RDS::DBProxy') as [[string, Resource]];
    expect(balancer.Properties?.['Subnets']).toEqual(workers);
    expect(instances.Properties?.['VPCZoneIdentifier']).toEqual(workers);
    expect(proxy.Properties?.['VpcSubnetIds']).toEqual(workers);
    for (const [, service] of ofType(perf, 'AWS::ECS::Service'))
      expect(service.Properties).toMatchObject({
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: workers } },
      });
  });

  test('data subnets have no way out: their tables hold no route at all, with NAT or without', () => {
    for (const from of [staging, perf]) {
      const tables = ofType(from, 'AWS::EC2::SubnetRouteTableAssociation')
        .filter(([, { Properties }]) =>
          subnetsOf(from, 'data').some((id) => text(Properties?.['SubnetId']).includes(id)),
        )
        .map(([, { Properties }]) => text(Properties?.['RouteTableId']));
      const routes = ofType(from, 'AWS::EC2::Route').map(([, { Properties }]) => text(Properties?.['RouteTableId']));
      expect(tables.length).toBe(subnetsOf(from, 'data').length);
      expect(routes.filter((table) => tables.includes(table))).toEqual([]);
    }
  });

  test('no subnet gives a machine a public address', () => {
    const open = ofType(staging, 'AWS::EC2::Subnet').filter(
      ([, { Properties }]) => Properties?.['MapPublicIpOnLaunch'] !== false,
    );
    expect(open).toEqual([]);
  });

  test('the balancer sends to the group of targets that the service registers with', () => {
    const [[group]] = ofType(staging, 'AWS::ElasticLoadBalancingV2::TargetGroup') as [[string, Resource]];
    const [[, listener]] = ofType(staging, 'AWS::ElasticLoadBalancingV2::Listener') as [[string, Resource]];
    const [[balancer]] = ofType(staging, 'AWS::ElasticLoadBalancingV2::LoadBalancer') as [[string, Resource]];
    expect(listener.Properties).toMatchObject({
      LoadBalancerArn: { Ref: balancer },
      DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: group } }],
    });
    const registered = ofType(staging, 'AWS::ECS::Service').flatMap(
      ([, { Properties }]) => Properties?.['LoadBalancers'],
    );
    expect(registered).toEqual([{ ContainerName: 'service', ContainerPort: 8080, TargetGroupArn: { Ref: group } }]);
  });

  test('services are made after their providers are bound to the cluster, and removed before', () => {
    for (const from of [synthesise('dev'), staging]) {
      const [[bond]] = ofType(from, 'AWS::ECS::ClusterCapacityProviderAssociations') as [[string, Resource]];
      const services = ofType(from, 'AWS::ECS::Service');
      expect(services).toHaveLength(2);
      expect(services.filter(([, { DependsOn }]) => !text(DependsOn).includes(`"${bond}"`))).toEqual([]);
    }
  });
});

test('every output that docs/deploy.md and the runbooks name is there, by that name; in a command, of the stack that it is read from', () => {
  const words = ['docs/deploy.md', 'docs/runbooks/README.md'].map((page) => readFileSync(page, 'utf8')).join('\n');
  const has = (stack: 'staging' | 'load-test', name: string): boolean => name in staging.of(stack).findOutputs('*');
  const read = Array.from(words.matchAll(/\(output (\w+)( load-test)?\)/g), ([, name = '', loadTest]) => ({
    name,
    stack: loadTest === undefined ? ('staging' as const) : ('load-test' as const),
  }));
  expect(read.length).toBeGreaterThanOrEqual(10);
  expect(read.filter(({ name, stack }) => !has(stack, name))).toEqual([]);
  const named = Array.from(
    words.matchAll(/output `(\w+)`|\$[A-Z_]+`(?: is)?\s(\w+)[,;]/g),
    ([, told, stood]) => told ?? stood ?? '',
  );
  expect(named.length).toBeGreaterThanOrEqual(4);
  expect(named.filter((name) => !has('staging', name) && !has('load-test', name))).toEqual([]);
});

/** What each role of staging may do, and nothing else: actions, and what of. The load test's are in test/system/workflow/rights.suite.ts. */
const RIGHTS: readonly (readonly [role: string, actions: readonly string[], resource: RegExp])[] = [
  ['Ec2Role', ['ecs:DiscoverPollEndpoint'], /^\*$/],
  [
    'Ec2Role',
    [
      'ecs:DeregisterContainerInstance',
      'ecs:RegisterContainerInstance',
      'ecs:SubmitAttachmentStateChanges',
      'ecs:SubmitContainerStateChange',
      'ecs:SubmitTaskStateChange',
    ],
    /Cluster/,
  ],
  ['Ec2Role', ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'], /:container-instance\//],
  ...['Downstream', 'Service'].flatMap((part) => [
    [
      `${part}TasksTaskTaskRole`,
      [
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ],
      /^\*$/,
    ] as const,
    [
      `${part}TasksTaskExecutionRole`,
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      /:repository\//,
    ] as const,
    [`${part}TasksTaskExecutionRole`, ['ecr:GetAuthorizationToken'], /^\*$/] as const,
    [`${part}TasksTaskExecutionRole`, ['logs:CreateLogStream', 'logs:PutLogEvents'], /TasksLog/] as const,
  ]),
  ['SchedulerRole', ['states:StartExecution'], /TaskRenewal/],
  ['TaskRenewalRole', ['secretsmanager:DescribeSecret'], /DatabaseInstanceSecret/],
  ['TaskRenewalRole', ['ecs:UpdateService'], /ServiceTasksService/],
  [
    'TaskRenewalRole',
    [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ],
    /^\*$/,
  ],
  ['SchedulerRole', ['autoscaling:StartInstanceRefresh'], /autoScalingGroup:\*:autoScalingGroupName\//],
  ['ServiceTasksTaskExecutionRole', ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], /CacheUrl/],
];

describe('roles', () => {
  test('may do what is listed here, each of its own, and nothing else', () => {
    const granted = [...staging.resources].flatMap(([id, resource]) =>
      resource.Type === 'AWS::IAM::Policy' && !id.startsWith('plimsoll-staging-load-test/')
        ? statementsOf(id, resource)
        : [],
    );
    const listed = granted.map(({ id, actions, resources }) =>
      RIGHTS.findIndex(
        ([role, allowed, of]) =>
          id.includes(role) && text([...actions].toSorted()) === text(allowed) && of.test(resources.join(' ')),
      ),
    );
    expect(listed).not.toContain(-1);
    expect(new Set(listed).size).toBe(RIGHTS.length);
  });

  test('the service reads its own three secrets, the collector that of the cache, the downstream service none', () => {
    const secrets = [...staging.resources]
      .flatMap(([id, resource]) => statementsOf(id, resource))
      .filter(({ id, actions }) => id.includes('ExecutionRole') && actions.includes('secretsmanager:GetSecretValue'));
    expect(secrets.map(({ resources }) => resources.map((each) => /Url|Instance|TOKEN/.exec(each)?.[0]))).toEqual([
      ['Url', 'Instance', 'TOKEN'],
      ['Url'],
    ]);
  });

  test('no role carries a policy of AWS but the one of RDS monitoring', () => {
    const managed = ofType(staging, 'AWS::IAM::Role').flatMap(([, { Properties }]) => {
      const arns = Properties?.['ManagedPolicyArns'];
      return Array.isArray(arns) ? arns.map(text) : [];
    });
    expect(managed.map((arn) => /policy\/[\w/-]+/.exec(arn)?.[0])).toEqual([
      'policy/service-role/AmazonRDSEnhancedMonitoringRole',
    ]);
  });
});
