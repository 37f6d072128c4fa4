import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { countOf, mismatchOf, synthesise } from './synthesise.ts';

let template: Template;
let perf: Template;

beforeAll(() => {
  template = synthesise('staging').of('staging');
  perf = synthesise('perf').of('staging');
});

describe('data (R119)', () => {
  test('PostgreSQL: standby, encrypted, watched, kept; 200 connections; TLS alone', () => {
    expect(
      mismatchOf(
        template,
        'AWS::RDS::DBInstance',
        {
          DeletionPolicy: 'Snapshot',
          Properties: Match.objectLike({
            Engine: 'postgres',
            EngineVersion: '17.6',
            DBInstanceClass: 'db.m7g.large',
            MultiAZ: true,
            StorageEncrypted: true,
            StorageType: 'gp3',
            AllocatedStorage: '100',
            MaxAllocatedStorage: 200,
            BackupRetentionPeriod: 7,
            DeletionProtection: true,
            EnablePerformanceInsights: true,
            MonitoringInterval: 60,
            PubliclyAccessible: false,
            EnableCloudwatchLogsExports: ['postgresql'],
          }),
        },
        'whole',
      ),
    ).toBe('');
    expect(
      mismatchOf(template, 'AWS::RDS::DBParameterGroup', {
        Family: 'postgres17',
        Parameters: Match.objectLike({
          max_connections: '200',
          'rds.force_ssl': '1',
          shared_preload_libraries: 'pg_stat_statements',
        }),
      }),
    ).toBe('');
  });

  test('the password is made by Secrets Manager and rotates every 30 days', () => {
    expect(
      mismatchOf(template, 'AWS::SecretsManager::RotationSchedule', {
        RotationRules: { ScheduleExpression: 'rate(30 days)' },
      }),
    ).toBe('');
  });

  test('perf has a proxy that demands TLS and a replica; staging has neither', () => {
    expect(mismatchOf(perf, 'AWS::RDS::DBProxy', { RequireTLS: true, EngineFamily: 'POSTGRESQL' })).toBe('');
    expect(
      mismatchOf(perf, 'AWS::RDS::DBProxyTargetGroup', {
        ConnectionPoolConfigurationInfo: Match.objectLike({ MaxConnectionsPercent: 90 }),
      }),
    ).toBe('');
    expect(countOf(perf, 'AWS::RDS::DBInstance')).toBe(2);
    expect(countOf(template, 'AWS::RDS::DBInstance')).toBe(1);
    expect(countOf(template, 'AWS::RDS::DBProxy')).toBe(0);
  });

  test('Valkey: a replica that takes over, and eviction of what is used least', () => {
    expect(
      mismatchOf(template, 'AWS::ElastiCache::ReplicationGroup', {
        Engine: 'valkey',
        CacheNodeType: 'cache.t4g.small',
        ReplicasPerNodeGroup: 1,
        AutomaticFailoverEnabled: true,
        MultiAZEnabled: true,
      }),
    ).toBe('');
    expect(
      mismatchOf(template, 'AWS::ElastiCache::ParameterGroup', {
        CacheParameterGroupFamily: 'valkey8',
        Properties: { 'maxmemory-policy': 'allkeys-lru' },
      }),
    ).toBe('');
  });
});
