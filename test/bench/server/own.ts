import { fileURLToPath } from 'node:url';
import { onServerCore } from '../cores.ts';
import { start } from '../processes.ts';
import { freePort, untilListening } from './ports.ts';
import type { Counts, Server } from './server.ts';

const PROGRAM = fileURLToPath(new URL('own-process.ts', import.meta.url));

/** Our own small server, in its own process. */
export async function ownServer(): Promise<Server> {
  const port = await freePort();
  const process_ = start(onServerCore([process.execPath, PROGRAM, `${port}`]));
  await untilListening(port);
  const origin = `http://127.0.0.1:${port}`;
  return {
    name: 'our own node:http server, since nginx is not installed',
    origin,
    counts: async () => (await (await fetch(`${origin}/counts`)).json()) as Counts,
    [Symbol.asyncDispose]: () => process_.stop(),
  };
}
