import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { addStacks } from '../../../../bin/app.ts';
import { configurationOf } from '../configurations.ts';
import { mismatchOf, newApp, type Synthesised, synthesise } from '../synthesise.ts';

let staging: Synthesised;
let template: Template;
let dev: Template;
let secure: Template;

beforeAll(() => {
  staging = synthesise('staging');
  template = staging.of('staging');
  dev = synthesise('dev').of('staging');
  secure = synthesise('dev', ({ environment, scaling }) => {
    if (environment.staging === undefined) throw new Error('dev builds a system');
    const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/11111111-2222-3333-4444-555555555555';
    const service = { ...environment.staging.service, certificateArn, hostName: 'shop.staging.example.org' };
    return { environment: { ...environment, staging: { ...environment.staging, service } }, scaling };
  }).of('staging');
});

describe('service', () => {
  test('a deployment rolls back by itself and takes nothing away before it has added', () => {
    expect(
      mismatchOf(template, 'AWS::ECS::Service', {
        DeploymentConfiguration: {
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
        },
        HealthCheckGracePeriodSeconds: 60,
        EnableExecuteCommand: true,
        AvailabilityZoneRebalancing: 'DISABLED',
        PropagateTags: 'SERVICE',
        CapacityProviderStrategy: [Match.objectLike({ Weight: 1 })],
        NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) },
        LoadBalancers: [Match.objectLike({ ContainerPort: 8080 })],
      }),
    ).toBe('');
  });

  test('scaling alone decides how many tasks there are: a deployment in a peak takes none away', () => {
    for (const from of [template, dev])
      expect(
        mismatchOf(from, 'AWS::ECS::Service', {
          LoadBalancers: [Match.objectLike({})],
          DesiredCount: Match.absent(),
        }),
      ).toBe('');
    expect(mismatchOf(template, 'AWS::ECS::Service', { LoadBalancers: [], DesiredCount: 2 })).toBe('');
  });

  test('a task has its size, its log, and 30 s to end; the downstream service has its own', () => {
    expect(
      mismatchOf(template, 'AWS::ECS::TaskDefinition', {
        Cpu: '1024',
        Memory: '2048',
        NetworkMode: 'awsvpc',
        ContainerDefinitions: [
          Match.objectLike({
            StopTimeout: 30,
            LinuxParameters: Match.objectLike({ InitProcessEnabled: true }),
            LogConfiguration: Match.objectLike({ LogDriver: 'awslogs' }),
            PortMappings: [Match.objectLike({ ContainerPort: 8080 })],
          }),
        ],
      }),
    ).toBe('');
    expect(
      mismatchOf(template, 'AWS::ECS::TaskDefinition', {
        Cpu: '256',
        ContainerDefinitions: [Match.objectLike({ Command: ['node', 'target/downstream/main.ts'] })],
      }),
    ).toBe('');
    expect(
      mismatchOf(dev, 'AWS::ECS::TaskDefinition', {
        RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
        RequiresCompatibilities: ['FARGATE'],
        Cpu: '512',
        Memory: '1024',
      }),
    ).toBe('');
  });

  test('no secret stands in a task definition: the address has no password, and secrets come by ARN', () => {
    expect(
      mismatchOf(template, 'AWS::ECS::TaskDefinition', {
        ContainerDefinitions: [
          Match.objectLike({
            Environment: Match.arrayWith([Match.objectLike({ Name: 'DATABASE_URL' })]),
            Secrets: Match.arrayWith([
              { Name: 'PGUSER', ValueFrom: Match.objectLike({}) },
              { Name: 'PGPASSWORD', ValueFrom: Match.objectLike({}) },
              { Name: 'REDIS_URL', ValueFrom: Match.objectLike({}) },
              { Name: 'TOKEN_SECRET', ValueFrom: Match.objectLike({}) },
            ]),
          }),
        ],
      }),
    ).toBe('');
    const tasks = [...staging.resources.values()].filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
    expect(JSON.stringify(tasks)).not.toContain('resolve:secretsmanager');
  });

  test('the balancer drops bad headers, logs, and asks twice whether a task lives, not how its database is', () => {
    expect(
      mismatchOf(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer', {
        LoadBalancerAttributes: Match.arrayWith([
          { Key: 'deletion_protection.enabled', Value: 'true' },
          { Key: 'idle_timeout.timeout_seconds', Value: '60' },
          { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
          { Key: 'access_logs.s3.enabled', Value: 'true' },
        ]),
      }),
    ).toBe('');
    expect(
      mismatchOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup', {
        HealthCheckPath: '/health/live',
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 2,
        Matcher: { HttpCode: '200' },
        TargetType: 'ip',
        Port: 8080,
        TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }]),
      }),
    ).toBe('');
  });

  test('with a certificate the balancer speaks HTTPS, with TLS 1.2 at the least', () => {
    expect(mismatchOf(template, 'AWS::ElasticLoadBalancingV2::Listener', { Port: 80, Protocol: 'HTTP' })).toBe('');
    expect(
      mismatchOf(secure, 'AWS::ElasticLoadBalancingV2::Listener', {
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: Match.stringLikeRegexp('TLS13-1-2'),
        Certificates: [{ CertificateArn: Match.stringLikeRegexp('certificate/1111') }],
      }),
    ).toBe('');
  });

  test('Container Insights is on', () => {
    expect(
      mismatchOf(template, 'AWS::ECS::Cluster', {
        ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
      }),
    ).toBe('');
  });

  test('of a team’s own folder the whole goes into its image, but for what its .dockerignore names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-own-image-'));
    const { app, dispose } = newApp();
    try {
      for (const name of ['Dockerfile', 'server.js', 'secret.env']) writeFileSync(join(folder, name), 'FROM scratch\n');
      writeFileSync(join(folder, '.dockerignore'), '*.env\n');
      const { environment, scaling } = configurationOf('dev');
      if (environment.staging === undefined) throw new Error('dev builds a system');
      const service = { ...environment.staging.service, image: { build: folder } };
      addStacks(app, 'dev', { environment: { ...environment, staging: { ...environment.staging, service } }, scaling });
      const { directory } = app.synth();
      const contexts = readdirSync(directory, { recursive: true, encoding: 'utf8' });
      const own = contexts.find((path) => path.endsWith('/server.js'));
      expect(own).toBeDefined();
      expect(readdirSync(join(directory, own ?? '', '..')).toSorted()).toEqual([
        '.dockerignore',
        'Dockerfile',
        'server.js',
      ]);
    } finally {
      dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
