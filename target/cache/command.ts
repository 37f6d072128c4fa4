import type { Reply, Request } from './resp.ts';
import type { Store } from './store.ts';

/** What one connection may read and change while a command runs. */
export interface Session {
  readonly store: Store;
  readonly nowMs: number;
  readonly stats: ServerStats;
  /** The connection closes after the reply. */
  closing: boolean;
}

export interface ServerStats {
  readonly startedAtMs: number;
  connectedClients: number;
  commandsProcessed: number;
}

/** A command: Redis's arity (the name counts; negative means "at least") and what it does with its arguments. */
export interface Command {
  readonly arity: number;
  run(args: Request, session: Session): Reply;
}

export const notInteger = { error: 'ERR value is not an integer or out of range' } as const;
export const syntaxError = { error: 'ERR syntax error' } as const;
export const outOfMemory: Reply = { error: "OOM command not allowed when used memory > 'maxmemory'." };

/** Keys and words are bytes; latin1 maps each to one character and back. */
export function textOf(bytes: Buffer | undefined): string {
  return bytes === undefined ? '' : bytes.toString('latin1');
}
