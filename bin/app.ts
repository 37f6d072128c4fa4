/** The CDK application: `cdk synth -c env=staging`. Configuration in, stacks out. */
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Dashboards } from '../dashboards/dashboards.ts';
import { endsOfSupport, staleTable } from '../lib/environment/end-of-support.ts';
import { versionsUsed } from '../lib/environment/environment.ts';
import type { EnvironmentConfiguration } from '../lib/environment/parse.ts';
import { warningsOf } from '../lib/environment/warnings.ts';
import { existingSystem } from '../lib/infra/observability/existing.ts';
import { ObservabilityStack } from '../lib/infra/observability/stack.ts';
import { policyExtract } from '../lib/scaling/service-model.ts';
import { LoadTestStack, type LoadTestStackProps } from '../lib/infra/load-test/stack.ts';
import { StagingStack } from '../lib/infra/staging/stack.ts';
import { reportConfigurationError, environmentName, readConfiguration } from './environment.ts';
import { version } from './version.ts';

/** Adds the stacks of one environment; names and logical ids hold nothing that changes between two runs. */
export function addStacks(app: App, name: string, { environment, scaling }: EnvironmentConfiguration): Dashboards {
  const prefix = `plimsoll-${name}`;
  const { region, account, availabilityZones, staging } = environment;
  const env = { region, ...(account !== undefined && { account }) };
  Tags.of(app).add('plimsoll:environment', prefix);
  for (const [key, value] of Object.entries(environment.tags)) Tags.of(app).add(key, value);
  const built =
    staging &&
    new StagingStack(app, `${prefix}-staging`, {
      ...staging,
      env,
      availabilityZones,
      scaling,
      // Where the database may not be deleted, the stack it stands in may not either: it would go half way.
      terminationProtection: staging.database.deletionProtection,
    });
  const system = built?.environmentUnderTest.monitored ?? existingSystemOf(environment, scaling);
  const observability = new ObservabilityStack(app, `${prefix}-observability`, { env, system, environment, prefix });
  const loadTest = environment.loadTest && { ...around(observability), loadTest: environment.loadTest };
  const known = { env, environment, prefix, version, scaling: policyExtract(scaling) };
  const props = { ...known, staging: built?.environmentUnderTest };
  if (loadTest !== undefined) addLoadTest(app, { ...props, ...loadTest });
  const { alarms, usersAreHurt } = observability.alarms;
  return new Dashboards(observability, 'Dashboards', {
    system: observability.monitored,
    prefix,
    runbooks: environment.runbooks,
    alarms: [...(usersAreHurt ? [usersAreHurt] : []), ...alarms.values()],
  });
}

/** What load tests take from what watches the system. */
const around = ({ monitoredElsewhere, alarms, notifications }: ObservabilityStack) => ({
  monitored: monitoredElsewhere,
  alarms: alarms.ids,
  topicArn: notifications.topics.notice.topicArn,
  topicKeyArn: notifications.keyArn,
  pageTopicArn: notifications.topics.page.topicArn,
});

const addLoadTest = (app: App, props: LoadTestStackProps): LoadTestStack =>
  new LoadTestStack(app, `${props.prefix}-load-test`, props);

function existingSystemOf(
  { existing }: EnvironmentConfiguration['environment'],
  scaling: EnvironmentConfiguration['scaling'],
) {
  if (existing === undefined) throw new Error('the schema lets no configuration pass without a system');
  return existingSystem(existing, scaling);
}

/** What is to be read before a deployment that may fail, today or in two months. */
export function supportWarnings({ environment }: EnvironmentConfiguration, nowMs: number): string[] {
  const stale = staleTable(nowMs);
  return [...endsOfSupport(versionsUsed(environment), nowMs), ...(stale === undefined ? [] : [stale])];
}

if (import.meta.main) {
  try {
    const app = new App();
    const name = environmentName(app.node.tryGetContext('env'));
    const configuration = readConfiguration(name);
    const { environment } = configuration;
    const warnings = [...warningsOf(environment, name), ...supportWarnings(configuration, Date.now())];
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
    addStacks(app, name, configuration);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
  } catch (error) {
    process.exitCode = reportConfigurationError(error);
  }
}
