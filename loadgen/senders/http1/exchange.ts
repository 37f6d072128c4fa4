import type { Transfer } from '../../../lib/measure/transfer.ts';
import type { Exchange, OnSettled, Settlement } from '../sender.ts';
import { Deadline } from './deadlines.ts';

/** What a request is under way on. */
interface Carrier {
  /** The request came to no end, so nothing can follow it. */
  giveUp(): void;
  /** What the request has moved; until the next one begins. */
  transfer(): Transfer;
}

/** A request under way on its connection. */
export class LeanExchange extends Deadline implements Exchange {
  readonly #connection: Carrier;
  #settled: OnSettled | undefined;

  constructor(connection: Carrier, settled: OnSettled) {
    super();
    this.#connection = connection;
    this.#settled = settled;
  }

  settle(settlement: Settlement): void {
    this.clear();
    const settled = this.#settled;
    this.#settled = undefined;
    settled?.(settlement, this.#connection.transfer());
  }

  expire(): void {
    this.#giveUp('timedOut');
  }

  cut(): void {
    this.#giveUp('cut');
  }

  #giveUp(failure: 'timedOut' | 'cut'): void {
    if (this.#settled === undefined) return;
    this.#connection.giveUp();
    this.settle({ failure });
  }
}
