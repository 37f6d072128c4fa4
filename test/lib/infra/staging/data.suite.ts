import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { countOf, mismatchOf, synthesise } from '../synthesise.ts';

let template: Template;
let perf: Template;

beforeAll(() => {
  template = synthesise('staging').of('staging');
  perf = synthesise('perf').of('staging');
});

describe('data', () => {
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
          statement_timeout: '5000',
          idle_in_transaction_session_timeout: '10000',
          'rds.force_ssl': '1',
          log_min_duration_statement: '500',
          log_lock_waits: '1',
          'pg_stat_statements.track': 'ALL',
          shared_preload_libraries: 'pg_stat_statements',
        }),
      }),
    ).toBe('');
  });

  test('the password is made by Secrets Manager and rotates once a month at a quiet hour, and not while the first tasks start', () => {
    expect(
      mismatchOf(template, 'AWS::SecretsManager::RotationSchedule', {
        RotationRules: { ScheduleExpression: 'cron(0 3 1 * ? *)', Duration: '1h' },
        RotateImmediatelyOnUpdate: false,
      }),
    ).toBe('');
  });

  test('tasks are replaced after each rotation, since they read the password when they start', () => {
    expect(
      mismatchOf(template, 'AWS::Scheduler::Schedule', {
        ScheduleExpression: 'cron(5 4 1 * ? *)',
        ScheduleExpressionTimezone: 'Etc/UTC',
        State: 'ENABLED',
        Target: Match.objectLike({
          Arn: {
            'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':scheduler:::aws-sdk:ecs:updateService$')])],
          },
        }),
      }),
    ).toBe('');
    const [schedule] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    const input = JSON.stringify(schedule?.['Properties'].Target.Input);
    expect(input).toContain('\\"ForceNewDeployment\\":true');
    expect(input).toMatch(/StagingServiceTasksService\w+","Name"/);
  });

  test('the rotation’s log is made before its function, with an end', () => {
    const [application] = Object.values(template.findResources('AWS::Serverless::Application'));
    const name = String(application?.['Properties']?.Parameters.functionName);
    const logs = template.findResources('AWS::Logs::LogGroup', {
      Properties: { LogGroupName: `/aws/lambda/${name}`, RetentionInDays: 7 },
    });
    expect(application?.['DependsOn']).toEqual(expect.arrayContaining(Object.keys(logs)));
    expect(Object.keys(logs)).toHaveLength(1);
    // Lambda's own limit on names.
    expect(name.length).toBeLessThanOrEqual(64);
  });

  test('the replica is as fast, as large and as strict as its source', () => {
    const [parameters = ''] = Object.keys(perf.findResources('AWS::RDS::DBParameterGroup'));
    expect(
      mismatchOf(perf, 'AWS::RDS::DBInstance', {
        SourceDBInstanceIdentifier: Match.anyValue(),
        DBInstanceClass: 'db.m7g.xlarge',
        StorageType: 'gp3',
        MaxAllocatedStorage: 1000,
        DBParameterGroupName: { Ref: parameters },
        PubliclyAccessible: false,
        EnablePerformanceInsights: true,
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
        EngineVersion: '8.0',
        AuthToken: Match.objectLike({}),
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
