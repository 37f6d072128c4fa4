import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BuiltInTarget } from '../../../lib/adapters/node/built-in-target.ts';
import { messageOf, PlimsollError } from '../../../lib/errors.ts';
import { type FaultCatalogue, parseCatalogue } from '../../../lib/lab/catalogue.ts';
import { isLoopback } from '../../../lib/run/safety.ts';
import type { Started } from '../started.ts';
import { describeBuiltIn, type TargetUnderTest } from '../target-under-test.ts';

const FAULTS = fileURLToPath(new URL('../../../target/faults/main.ts', import.meta.url));

/** What makes a service one of the lab's, and the secret of its switches: see target/README.md. */
const VARIABLE = 'PLIMSOLL_LAB';

/** Enough for the journeys, and seeded in a second. */
const SIZE = ['--users', '2000', '--jobs', '2000'];

const PATIENCE_MS = 20_000;
const AGAIN_AFTER_MS = 250;

/** A service of the lab: what is loaded, and its switches. */
export interface LabService {
  readonly underTest: TargetUnderTest;
  readonly on: (fault: string, parameters: Readonly<Record<string, number>>) => Promise<void>;
  readonly allOff: () => Promise<void>;
  /** Replaces the workers of a cluster, one after another. */
  readonly reload: () => Promise<void>;
}

/** What faults the service in target/ has; nothing is started. */
export async function readCatalogue(): Promise<FaultCatalogue> {
  const { stdout } = await promisify(execFile)(process.execPath, [FAULTS]);
  return parseCatalogue(JSON.parse(stdout), FAULTS);
}

/** Starts a service of the lab, with a token that no other process knows; it ends with `started`. */
export async function startLabService(
  logFolder: string,
  started: Started,
  signal: AbortSignal,
  size: Readonly<Record<string, string>> = {},
): Promise<LabService> {
  const token = randomBytes(32).toString('base64url');
  const start = {
    logFile: join(logFolder, 'target.log'),
    say: () => undefined,
    args: SIZE,
    // Its own database and cache, whatever this process was given: faults damage them.
    env: { [VARIABLE]: token, DATABASE_URL: '', REDIS_URL: '', DOWNSTREAM_DELAY_SECONDS: '3', ...size },
  };
  const service = started.adopt(await BuiltInTarget.start(start, signal), (each) => each.stop());
  const underTest = describeBuiltIn(service);
  return { underTest, ...switchesAt(underTest.target, token) };
}

/** A service of the lab that runs already, on this machine; `PLIMSOLL_LAB` holds its token. @throws PlimsollError E-LAB-TARGET */
export async function labServiceAt(address: string): Promise<LabService> {
  const target = URL.parse(address);
  if (target === null || !isLoopback(target))
    throw new PlimsollError('E-LAB-TARGET', `${address} is no address on this machine.`);
  const said: unknown = await fetch(new URL('/lab/faults', target), { signal: AbortSignal.timeout(PATIENCE_MS) })
    .then((reply) => reply.json())
    .catch((error: unknown) => messageOf(error));
  parseCatalogue(said, address);
  const token = process.env[VARIABLE] ?? '';
  if (token === '') throw new PlimsollError('E-LAB-TARGET', `${VARIABLE} does not hold the token of ${address}.`);
  const underTest = { target, description: target.href, metrics: new URL('/metrics', target) };
  return { underTest, ...switchesAt(target, token) };
}

/** A switch may be thrown twice, and a service that a fault has killed listens again in a moment. */
async function answered(url: URL, request: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
  for (;;)
    try {
      return await fetch(url, request);
    } catch (error) {
      if (request.signal.aborted) throw error;
      await pause(AGAIN_AFTER_MS);
    }
}

function switchesAt(target: URL, token: string): Omit<LabService, 'underTest'> {
  const send = async (method: string, path: string, body?: object): Promise<void> => {
    const reply = await answered(new URL(path, target), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch((error: unknown) => {
      throw new PlimsollError('E-LAB-TARGET', `${method} ${path} was not answered: ${messageOf(error)}`, [], error);
    });
    const text = await reply.text();
    if (!reply.ok) throw new PlimsollError('E-LAB-TARGET', `${method} ${path} was answered ${reply.status}: ${text}`);
  };
  return {
    on: (fault, parameters) => send('POST', `/lab/faults/${fault}`, parameters),
    allOff: () => send('DELETE', '/lab/faults'),
    reload: () => send('POST', '/lab/reload'),
  };
}
