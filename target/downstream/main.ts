/** The payment provider as a process: `node target/downstream/main.ts`; prints {"port":N}. Environment: see README.md. */
import type { AddressInfo } from 'node:net';
import closeWithGrace from 'close-with-grace';
import { exitWith } from '../failure.ts';
import { isLab, numberFrom, textFrom } from '../environment.ts';
import { onParentGone } from '../lifeline.ts';
import { buildProvider } from './app.ts';

async function main(): Promise<void> {
  const provider = buildProvider({
    delayMs: numberFrom('PAYMENT_DELAY_MS', 25, { least: 0, most: 600_000 }),
    seed: numberFrom('PAYMENT_SEED', 1, { least: 0, most: 2 ** 31 }),
  });
  if (isLab()) (await import('../faults/downstream/service.ts')).addTrouble(provider);
  const grace = closeWithGrace({ delay: 10_000, logger: false }, () => provider.close());
  onParentGone(grace.close);
  await provider.listen({
    host: textFrom('HOST', '127.0.0.1'),
    port: numberFrom('PORT', 0, { least: 0, most: 65_535 }),
  });
  process.stdout.write(`${JSON.stringify({ port: (provider.server.address() as AddressInfo).port })}\n`);
}

main().catch(exitWith);
