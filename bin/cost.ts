/** `npm run cost -- -c env=staging`: what an environment costs a month, by resource. */
import { parseArgs } from 'node:util';
import { estimate } from '../lib/environment/cost/estimate.ts';
import { prices } from '../lib/environment/cost/prices.ts';
import { wantedQuotas } from '../lib/environment/cost/wanted-quotas.ts';
import { describeMonthlyCost, describeQuotas } from '../lib/environment/cost/describe.ts';
import { reportConfigurationError, environmentName, readConfiguration } from './environment.ts';

try {
  const { values } = parseArgs({ options: { context: { type: 'string', short: 'c', multiple: true } }, strict: false });
  const given = [values.context].flat().find((pair) => typeof pair === 'string' && pair.startsWith('env='));
  const name = environmentName(typeof given === 'string' ? given.slice('env='.length) : undefined);
  const configuration = readConfiguration(name);
  process.stdout.write(
    [
      describeMonthlyCost(name, configuration.environment.region, estimate(configuration, prices), prices),
      describeQuotas(wantedQuotas(configuration)),
    ].join('\n'),
  );
} catch (error) {
  process.exitCode = reportConfigurationError(error);
}
