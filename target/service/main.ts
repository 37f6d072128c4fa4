/** The marketplace as a process: `node target/service/main.ts`; prints {"port":N}. Environment: see README.md. */
import type { AddressInfo } from 'node:net';
import closeWithGrace from 'close-with-grace';
import { isLab, numberFrom, requiredFrom, textFrom } from '../environment.ts';
import { exitWith } from '../failure.ts';
import { onParentGone } from '../lifeline.ts';
import { buildApp } from './app.ts';
import { openCache } from './cache.ts';
import { openDatabase } from './database/database.ts';
import { createMetrics } from './metrics.ts';
import { connectProvider } from './provider.ts';
import type { Services } from './services.ts';
import { createTokens } from './tokens.ts';

const drainMs = 10_000;

function openServices(cacheUrl: string, providerUrl: string): Services {
  const metrics = createMetrics();
  const milliseconds = { least: 1, most: 600_000 };
  const database = openDatabase(
    {
      url: requiredFrom('DATABASE_URL'),
      poolMax: numberFrom('DB_POOL_MAX', 20, { least: 1, most: 1_000 }),
      poolWaitMs: numberFrom('DB_POOL_WAIT_MS', 2_000, milliseconds),
    },
    metrics,
  );
  const cache = openCache({ url: cacheUrl, prefix: textFrom('CACHE_PREFIX', 'marketplace:') }, metrics);
  const provider = connectProvider(
    { url: providerUrl, timeoutMs: numberFrom('PAYMENT_TIMEOUT_MS', 3_000, milliseconds) },
    metrics,
  );
  return { metrics, database, cache, provider, tokens: createTokens(requiredFrom('TOKEN_SECRET')) };
}

async function main(): Promise<void> {
  const lab = isLab() ? await (await import('../faults/laboratory.ts')).openLaboratory() : undefined;
  const services = openServices(
    lab?.cacheUrl ?? requiredFrom('REDIS_URL'),
    lab?.downstreamUrl ?? requiredFrom('PAYMENT_PROVIDER_URL'),
  );
  const logLevel = textFrom('LOG_LEVEL', 'warn');
  const app = lab === undefined ? buildApp(services, logLevel) : await lab.build(services, logLevel);
  const grace = closeWithGrace({ delay: drainMs, logger: false }, async ({ err }) => {
    if (err !== undefined) app.log.fatal({ err }, 'unforeseen error; closing');
    await app.close();
    await services.database.close();
    services.cache.close();
  });
  onParentGone(grace.close);
  const port = numberFrom('PORT', 0, { least: 0, most: 65_535 });
  await app.listen({ host: textFrom('HOST', '127.0.0.1'), port });
  process.stdout.write(`${JSON.stringify({ port: (app.server.address() as AddressInfo).port })}\n`);
}

main().catch(exitWith);
