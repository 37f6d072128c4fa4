/**
 * Constructs for a CDK application of your own: the staging environment, its alarms and dashboards, and the load test. Needs
 * `aws-cdk-lib` and `constructs`.
 * @example
 * const { monitored } = new StagingEnvironment(stack, 'Staging', props);
 * new ServiceAlarms(stack, 'Alarms', { system: monitored, topics: { page, notice }, prefix: 'shop', runbooks });
 */
export { Dashboards } from '../../dashboards/dashboards.ts';
export { LoadTest } from '../../lib/infra/load-test/load-test.ts';
export type { LoadTestProps } from '../../lib/infra/load-test/props.ts';
export { ServiceAlarms } from '../../lib/infra/observability/service-alarms.ts';
export { StagingEnvironment, type StagingEnvironmentProps } from '../../lib/infra/staging/staging-environment.ts';
