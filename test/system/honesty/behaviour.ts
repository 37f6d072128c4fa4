import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { Outcome } from '../../../lib/measure/recorder.ts';
import type { HttpInput } from '../../../lib/plan/steps/schemas/request.ts';
import type { Honest } from './account.ts';
import type { MisbehavingServer } from './server.ts';

/** A request as the server read it. */
export interface Asked {
  readonly socket: Socket;
  /** The TCP connection; another than `socket` under TLS. */
  readonly raw: Socket;
  readonly server: MisbehavingServer;
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Its place among the requests for this path, and among those on this connection; from 0. */
  readonly nth: number;
  readonly nthOnConnection: number;
}

interface Listening {
  readonly tls?: TlsOptions;
  /** What the plan says where it is not what is spoken. */
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
  /** Not this process: a port on which nobody listens, or one whose owner was stopped and accepts nothing. */
  readonly instead?: 'nobody' | 'a frozen process';
}

/** One way for a server to go wrong, and what an honest ledger says of it. */
export interface Behaviour {
  readonly name: string;
  /** Of a request that was read and answered in this way; `answer` may return another. */
  readonly honest: Honest;
  /** What undici makes of it where that is something else; DECISIONS 7 says where, and why either may. */
  readonly undici?: Honest;
  /** Answers a request for /bad (of any path where the behaviour is `everywhere`). Without it the reply is good. */
  readonly answer?: (asked: Asked) => Honest | void;
  /** Meets a new connection; true where it takes it over, and no request is read from it. */
  readonly connected?: (socket: Socket, nth: number, server: MisbehavingServer) => boolean | void;
  /** How requests that were never read may end. Without it every request sent has to be read. */
  readonly unread?: readonly Outcome[];
  /** The behaviour is the connection's, so that it meets every step. */
  readonly everywhere?: true;
  /** The head is answered, and the body is read behind it. */
  readonly beforeBody?: true;
  /** The step that meets the behaviour; GET /bad where it is none. */
  readonly step?: HttpInput;
  /** Of the step that meets the behaviour; 30s where it is none, which no sound reply takes. */
  readonly deadline?: string;
  /** Says something of arrivals only: users of a closed model keep what an earlier iteration was given. */
  readonly arrivalsOnly?: true;
  /** Arrivals a second in place of the usual rate. */
  readonly rate?: number;
  readonly listen?: Listening;
  /** What the plan says of certificates. */
  readonly tls?: { readonly insecure?: boolean; readonly pem?: string };
}
