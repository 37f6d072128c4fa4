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
            EngineVersion: '17',
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
        RotationRules: { ScheduleExpression: 'cron(0 3 ? * MON#1 *)', Duration: '1h' },
        RotateImmediatelyOnUpdate: false,
      }),
    ).toBe('');
  });

  test('tasks are replaced after each rotation, since they read the password when they start', () => {
    expect(
      mismatchOf(template, 'AWS::Scheduler::Schedule', {
        // Before the hour of the rotation begins.
        ScheduleExpression: 'cron(55 2 ? * MON#1 *)',
        ScheduleExpressionTimezone: 'Etc/UTC',
        State: 'ENABLED',
        Target: Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('TaskRenewal') } }),
      }),
    ).toBe('');
  });

  test('they are replaced when Secrets Manager says so, and where there is no rotation the execution fails', () => {
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    const { DefinitionString: text } = (machine ?? {})['Properties'] as {
      DefinitionString: { 'Fn::Join': [string, unknown[]] };
    };
    const [, parts] = text['Fn::Join'];
    const definition = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'x')).join('')) as {
      TimeoutSeconds: number;
      States: Record<string, Record<string, unknown>>;
    };
    const { States, TimeoutSeconds } = definition;
    // From 02:55 beyond 04:00, when the hour is over.
    expect(TimeoutSeconds).toBe(95 * 60);
    expect(States['AskForRotation']).toMatchObject({ Next: 'Rotated?', ResultPath: '$.secret' });
    expect(States['Rotated?']).toEqual({
      Type: 'Choice',
      Choices: [
        {
          And: [
            { Variable: '$.secret.LastRotatedDate', IsPresent: true },
            { Variable: '$.secret.LastRotatedDate', TimestampGreaterThanPath: '$.since' },
          ],
          Next: 'ReplaceTasks',
        },
      ],
      Default: 'NotYetRotated',
    });
    expect(States['NotYetRotated']).toEqual({ Type: 'Wait', Seconds: 20, Next: 'AskForRotation' });
    expect(States['ReplaceTasks']).toMatchObject({ Parameters: { ForceNewDeployment: true }, Next: 'Renewed' });
  });

  test('what fails of it is alarmed: the function, and the renewal', () => {
    const alarmed = JSON.stringify(
      synthesise('staging')
        .of('observability')
        .findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: 'plimsoll-staging-rotation-failed' } }),
    );
    const [application] = Object.values(template.findResources('AWS::Serverless::Application'));
    expect(alarmed).toContain(`"Value":"${String(application?.['Properties']?.Parameters.functionName)}"`);
    // By the name that the staging stack publishes.
    expect(template.findResources('AWS::StepFunctions::StateMachine')).not.toEqual({});
    expect(alarmed).toMatch(/"Name":"StateMachineArn","Value":\{"Fn::GetAtt":\["NamesStateMachineArn/);
    for (const metric of ['Errors', 'ExecutionsFailed', 'ExecutionsTimedOut'])
      expect(alarmed).toContain(`"MetricName":"${metric}"`);
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

  test('perf has a proxy that demands TLS, staging has none; and there is no replica, which nothing would read', () => {
    expect(mismatchOf(perf, 'AWS::RDS::DBProxy', { RequireTLS: true, EngineFamily: 'POSTGRESQL' })).toBe('');
    expect(
      mismatchOf(perf, 'AWS::RDS::DBProxyTargetGroup', {
        ConnectionPoolConfigurationInfo: Match.objectLike({ MaxConnectionsPercent: 90 }),
      }),
    ).toBe('');
    expect(countOf(perf, 'AWS::RDS::DBInstance')).toBe(1);
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

  test.each([
    ['7.2', 'valkey7'],
    ['9.0', 'valkey9'],
  ])('Valkey %s takes the parameters of %s', (engineVersion, family) => {
    const other = synthesise('dev', ({ environment, scaling }) => {
      const { staging } = environment;
      if (staging?.cache === undefined) throw new Error('dev has a cache');
      const cache = { ...staging.cache, engineVersion };
      return { environment: { ...environment, staging: { ...staging, cache } }, scaling };
    }).of('staging');
    expect(mismatchOf(other, 'AWS::ElastiCache::ReplicationGroup', { EngineVersion: engineVersion })).toBe('');
    expect(mismatchOf(other, 'AWS::ElastiCache::ParameterGroup', { CacheParameterGroupFamily: family })).toBe('');
  });
});

test('behind a proxy connections are held against what it may take, and its clients’ wait is alarmed', () => {
  const watching = synthesise('perf').of('observability');
  expect(
    mismatchOf(watching, 'AWS::CloudWatch::Alarm', {
      AlarmName: 'plimsoll-perf-database-connections',
      Threshold: 90,
      // Nine tenths of 400: of all 400 the proxy would never take more than the limit.
      Metrics: Match.arrayWith([Match.objectLike({ Expression: '(database_connection_use_sessions_0 / 360) * 100' })]),
    }),
  ).toBe('');
  expect(
    mismatchOf(watching, 'AWS::CloudWatch::Alarm', {
      AlarmName: 'plimsoll-perf-proxy-wait',
      // Milliseconds, of a metric in microseconds.
      Threshold: 50,
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'proxy_borrow_time_0 / 1000' })]),
    }),
  ).toBe('');
});
