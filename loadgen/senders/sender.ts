import type { FailureKind } from '../../lib/measure/failures.ts';
import type { Transfer } from '../../lib/measure/transfer.ts';

export type SentHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Several of one name are one value with commas between (RFC 9110 §5.3), and cookies have semicolons. */
export function headerIn(headers: SentHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'object' ? value.join(name === 'cookie' ? '; ' : ', ') : value;
}

/** A request with everything filled in. */
export interface Outgoing {
  readonly origin: string;
  /** For https: whose certificate it has to be, and what SNI says; the origin's host where it is not given. */
  readonly serverName?: string | undefined;
  readonly path: string;
  readonly method: string;
  /** Names in small letters. Values as in header-text.ts, in replies too; a list is a line for each. */
  readonly headers: SentHeaders;
  /** Names that are written otherwise, by their small letters. */
  readonly names?: Readonly<Record<string, string>> | undefined;
  /** A text, or pieces of bytes, which may be large and are not copied; null: none. */
  readonly body: string | readonly Buffer[] | null;
  /** From now to the last byte of the reply, connecting included. */
  readonly deadlineUs: number;
  readonly needs: Needs;
  /** Where a redirect asked for it: the `set-cookie` lines of the replies on the way. */
  readonly setBefore?: readonly string[];
  /** Its bytes, once they have been encoded: a request without templates is the same object every time. */
  wire?: Wire | undefined;
}

/** The bytes of a request, in one piece or in several. */
export type Wire = Buffer | readonly Buffer[];

/** Which parts of a reply a step needs; the others are not stored. */
export interface Needs {
  /** The request is HEAD, whose reply has no body whatever its headers say. */
  readonly head: boolean;
  readonly body: boolean;
  readonly headers: boolean;
}

export interface TlsOptions {
  readonly insecure: boolean;
  readonly ca?: string;
  /** Shown to servers that ask for one; the key is the text of this environment variable. */
  readonly client?: { readonly cert: string; readonly keyFrom: string };
}

/** What all requests go by. */
export interface Proxy {
  /** `http:` with host and port. */
  readonly url: string;
  /** The environment variable that holds `user:password`, which is stored nowhere. */
  readonly credentialsFrom?: string;
}

/** How connections are made. */
export interface ConnectOptions {
  readonly tls: TlsOptions;
  /** Local addresses to connect from, in turn; none: the system's choice. Each has ports of its own. */
  readonly sourceAddresses: readonly string[];
  readonly proxy?: Proxy | undefined;
}

/** A body that a check has to read is stored, and decoded, up to this; larger ones fail as `too-large` rather than fill the memory. */
export const MOST_BODY_BYTES = 16 * 2 ** 20;

/** Of a reply whose status says that it failed so much is stored where no check reads it, for an example of the failure. */
export const MOST_EXAMPLE_BYTES = 4096;

/** From here on a status says that the request failed. */
export const FAILED_STATUS = 400;

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** How an exchange ended. */
export type Settlement =
  | { readonly reply: Reply }
  | {
      readonly failure: FailureKind | 'timedOut' | 'cut';
      /** What the system or TLS said of it, such as `self-signed certificate`. */
      readonly detail?: string;
    };

/** `transfer` is of use during the call only; there is none where the request went over no connection. */
export type OnSettled = (settlement: Settlement, transfer?: Transfer) => void;

/** A request under way. */
export interface Exchange {
  /** Settles it as `cut` at once and gives its connection up. */
  cut(): void;
}

/** Which connections a request may use: those that all users share, or those of one user, by the user's number. */
export type PoolKey = number;

export const SHARED_POOL: PoolKey = -1;

/** Connections serve requests of one origin, and under TLS of one server name. */
export const connectionKey = ({ origin, serverName }: Pick<Outgoing, 'origin' | 'serverName'>): string =>
  serverName === undefined ? origin : `${origin} ${serverName}`;

/** Sends requests. Each is settled exactly once, and never before `send` has returned. */
export interface Sender {
  send(outgoing: Outgoing, poolKey: PoolKey, settled: OnSettled): Exchange;
  /** The user to whom these connections belong has left, so they are closed. */
  leave(poolKey: PoolKey): void;
  /** Gives every connection up. */
  close(): void;
}
