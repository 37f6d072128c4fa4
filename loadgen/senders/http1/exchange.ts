import type { Transfer } from '../../../lib/measure/transfer.ts';
import type { Exchange, OnSettled, Settlement } from '../sender.ts';
import { Deadline } from './deadlines.ts';

/** What a request is under way on. */
interface Carrier {
  /** The request came to no end, so nothing can follow it. */
  giveUp(exchange: LeanExchange): void;
}

/** A request under way on its connection. */
export class LeanExchange extends Deadline implements Exchange, Transfer {
  readonly #connection: Carrier;
  bytesSent: number;
  bytesReceived = 0;
  opening: Transfer['opening'];
  bodyUs = 0;
  /** When a read brought the first part of a reply; 0 where one brought all of it, which needs no look at the clock. */
  firstByteMs = 0;
  #settled: OnSettled | undefined;

  constructor(connection: Carrier, bytesSent: number, settled: OnSettled) {
    super();
    this.#connection = connection;
    this.bytesSent = bytesSent;
    this.#settled = settled;
  }

  settle(settlement: Settlement): void {
    this.clear();
    const settled = this.#settled;
    this.#settled = undefined;
    if (this.firstByteMs > 0) this.bodyUs = (performance.now() - this.firstByteMs) * 1000;
    settled?.(settlement, this);
  }

  expire(): void {
    this.#giveUp('timedOut');
  }

  cut(): void {
    this.#giveUp('cut');
  }

  #giveUp(failure: 'timedOut' | 'cut'): void {
    if (this.#settled === undefined) return;
    this.#connection.giveUp(this);
    this.settle({ failure });
  }
}
