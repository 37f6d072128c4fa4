import { isIP, type Socket } from 'node:net';
import type { Opening } from '../../lib/measure/transfer.ts';

/** Notes when a connection came how far. */
export class OpeningWatch {
  readonly #openedMs = performance.now();
  readonly #stages: readonly Stage[];
  readonly #endedMs: number[] = [];

  /** `host`: without brackets. An address needs no lookup. */
  constructor(host: string, secure: boolean) {
    this.#stages = [...(isIP(host) === 0 ? [LOOKUP] : []), CONNECT, ...(secure ? [TLS] : [])];
  }

  /** The socket must have been opened in this same turn. `secured`: what does the handshake, through a tunnel another one. */
  watch(socket: Socket, secured = socket): void {
    this.#stages.forEach((stage, number) => {
      (stage === TLS ? secured : socket).once(stage.event, (error?: Error | null) => {
        if (!(error instanceof Error)) this.#endedMs[number] = performance.now();
      });
    });
  }

  /** As far as it has come; the stage that is under way lasts until now. */
  read(): Opening {
    const nowMs = performance.now();
    const times: { lookupUs?: number; connectUs?: number; tlsUs?: number } = {};
    let fromMs = this.#openedMs;
    for (const [number, { name }] of this.#stages.entries()) {
      const endedMs = this.#endedMs[number];
      times[name] = ((endedMs ?? nowMs) - fromMs) * 1000;
      if (endedMs === undefined) return { ...times, ready: false };
      fromMs = endedMs;
    }
    return { ...times, ready: true };
  }
}

interface Stage {
  readonly name: 'lookupUs' | 'connectUs' | 'tlsUs';
  /** Of the socket, at the stage's end. */
  readonly event: 'lookup' | 'connect' | 'secureConnect';
}

const LOOKUP: Stage = { name: 'lookupUs', event: 'lookup' };
const CONNECT: Stage = { name: 'connectUs', event: 'connect' };
const TLS: Stage = { name: 'tlsUs', event: 'secureConnect' };
