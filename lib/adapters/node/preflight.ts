import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { codeOf, messageOf, PlimsollError } from '../../errors.ts';
import type { SocketLimits } from '../../run/sockets.ts';
import type { HealthReply } from '../../run/workflow/ports.ts';

const DEADLINE_MS = 5000;

const SENTENCES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'nothing listens there',
};

/** Where a plan's connections lead: to its proxy, where it has one. */
export const firstHop = ({ proxy }: { readonly proxy?: { readonly url: string } }, target: URL): URL =>
  proxy === undefined ? target : new URL(proxy.url);

/**
 * Throws E-TARGET-UNREACHABLE when no connection to the target comes about, E-INTERRUPTED when `signal` is aborted first.
 * Only a connection: a request would stand in the service's own account and in no ledger of ours.
 */
export async function reach(target: URL, signal: AbortSignal): Promise<void> {
  const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, timeout: DEADLINE_MS });
  socket.once('connect', resolve).once('error', reject);
  socket.once('timeout', () => reject(new Error(`no answer within ${DEADLINE_MS / 1000} s`)));
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    signal.throwIfAborted();
    await promise;
  } catch (error) {
    if (signal.aborted) throw new PlimsollError('E-INTERRUPTED', 'The run was stopped before its first phase.');
    const reason = SENTENCES[codeOf(error)] ?? messageOf(error);
    throw new PlimsollError('E-TARGET-UNREACHABLE', `${target.origin} can't be reached: ${reason}.`, [], error);
  } finally {
    signal.removeEventListener('abort', giveUp);
    socket.destroy();
  }
}

const TEXT_BYTES = 64 * 1024;

/** One GET, without following redirects; how long until the reply had come, or its first 64 KiB. */
export async function readHealth(url: string): Promise<HealthReply> {
  const startedMs = performance.now();
  const tookMs = (): number => performance.now() - startedMs;
  try {
    const reply = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(DEADLINE_MS) });
    const text = await textOf(reply);
    return { status: reply.status, tookMs: tookMs(), text };
  } catch (error) {
    // "fetch failed" says nothing; why stands in its cause.
    const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
    return { status: 0, tookMs: tookMs(), text: messageOf(cause) };
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= TEXT_BYTES) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, TEXT_BYTES));
}

const ENOUGH = Number.POSITIVE_INFINITY;

/** This process's limits as Linux shows them in /proc; where it can't be read, nothing is foreseen. */
export async function socketLimits(): Promise<SocketLimits> {
  const [limits, range] = await Promise.all(
    ['/proc/self/limits', '/proc/sys/net/ipv4/ip_local_port_range'].map((path) =>
      readFile(path, 'utf8').catch(() => ''),
    ),
  );
  return { files: filesIn(limits ?? ''), ports: portsIn(range ?? '') };
}

/** `Max open files   1024   1048576   files`: the soft limit, which Node raises to the hard one when it starts. */
export const filesIn = (limits: string): number => Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? ENOUGH);

/** `32768	60999`: first and last. */
export function portsIn(range: string): number {
  const [first, last] = range.trim().split(/\s+/).map(Number);
  return first === undefined || last === undefined ? ENOUGH : last - first + 1;
}
