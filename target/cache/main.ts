/** The embedded RESP cache as a process: `node target/cache/main.ts [--maxmemory 64mb] [--port N]`; prints {"port":N}. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { exitWith, TargetFailure } from '../failure.ts';
import { onParentGone } from '../lifeline.ts';
import { createCacheServer } from './server.ts';
import { memoryBytes } from './server-commands.ts';
import { Store } from './store.ts';

const stop = (): void => process.exit(0);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { maxmemory: { type: 'string', default: '64mb' }, port: { type: 'string', default: '0' } },
  });
  const maxBytes = memoryBytes(values.maxmemory);
  if (maxBytes === undefined) throw new TargetFailure('E-TARGET-CACHE', `--maxmemory ${values.maxmemory}`);
  const server = createCacheServer(new Store(maxBytes, Math.random));
  onParentGone(stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  server.listen(Number(values.port), '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
}

main().catch(exitWith);
