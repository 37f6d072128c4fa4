import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { codeOf, exitCodes, PlimsollError } from '../../lib/errors.ts';
import { callerPath } from '../paths.ts';
import { printMessage, printResult } from '../terminal.ts';
import { AccessGuard } from '../ui/access.ts';
import { uiServer } from '../ui/server.ts';
import { UiWorkplace } from '../ui/workplace.ts';

/** Why a port can't be had; those below 1024 are mostly the administrator's. */
const REFUSED: Readonly<Record<string, string>> = { EADDRINUSE: 'is in use', EACCES: 'is not for this user' };

/** Serves the page on loopback until it is interrupted; runs that were started from it go on. */
export async function uiCommand(folder: string, options: { readonly port?: string }): Promise<number> {
  const port = Number(options.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new PlimsollError('E-USAGE', `--port takes a number from 0 to 65535, not ${options.port}.`);
  const token = randomBytes(24).toString('base64url');
  const workplace = new UiWorkplace(callerPath('.'), callerPath(folder));
  let guard = new AccessGuard(token, port);
  const server = uiServer(() => ({ workplace, guard, token }));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: unknown) => {
    const why = REFUSED[codeOf(error) ?? ''];
    if (why === undefined) throw error;
    throw new PlimsollError('E-USAGE', `Port ${port} ${why}; give another --port.`);
  });
  const { port: bound } = server.address() as AddressInfo;
  guard = new AccessGuard(token, bound);
  printResult(`http://127.0.0.1:${bound}/?token=${token}`);
  printMessage('Open this address; it holds a token, so do not pass it on. Ctrl-C ends the page, and no run.');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(process, 'SIGHUP')]);
  server.close();
  server.closeAllConnections();
  return exitCodes.passed;
}
