import { connect } from 'node:net';
import { codeOf, messageOf, PlimsollError } from '../../errors.ts';

const DEADLINE_MS = 5000;

const SENTENCES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'nothing listens there',
};

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
