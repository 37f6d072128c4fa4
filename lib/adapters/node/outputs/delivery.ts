import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../errors.ts';
import type { Message } from '../../../outputs/output.ts';
import { counted, formatNumber } from '../../../units.ts';
import type { Attempt, Transport } from './transport.ts';

/** A minute: who restarts a receiver within it lacks nothing. */
const MOST_WAITING = 60;

const ATTEMPT_MS = 5000;
const PAUSE_MS = 1000;

/**
 * Hands a run's seconds to one transport, one after another, and never lets the run wait for it. What the reader doesn't take waits
 * in a queue of a minute, from which the oldest second is dropped, since counters that are cumulative lose nothing by that.
 */
export class Delivery {
  readonly #transport: Transport;
  readonly #closing = new AbortController();
  readonly #stopping = new AbortController();
  #waiting: (readonly Message[])[] = [];
  #pump: Promise<void> | undefined;
  #ended: Promise<string | undefined> | undefined;
  #offered = 0;
  #lost = 0;
  #why = '';

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Seconds that were not delivered by now, and why; undefined where all were. */
  get trouble(): string | undefined {
    const behind = this.#why === '' ? 0 : this.#waiting.length;
    if (this.#lost + behind === 0) return undefined;
    const lost = this.#lost > 0 ? `lacks ${formatNumber(this.#lost)} of ${counted(this.#offered, 'second')}` : '';
    const waiting = behind > 0 ? `${counted(behind, 'second')} waiting` : '';
    return `${[lost, waiting].filter((part) => part !== '').join(', ')}: ${this.#why || 'it is slow'}`;
  }

  /** How many seconds wait to be sent. */
  get waiting(): number {
    return this.#waiting.length;
  }

  offer(messages: readonly Message[]): void {
    if (messages.length === 0 || this.#closing.signal.aborted) return;
    this.#offered += 1;
    this.#waiting.push(messages);
    this.#dropOldest();
    this.#pump ??= this.#run().finally(() => (this.#pump = undefined));
  }

  /** Delivers what waits, for so long at the most; then the reader's trouble, if it has any. */
  async end(withinMs: number): Promise<string | undefined> {
    return await (this.#ended ??= this.#end(withinMs));
  }

  async #end(withinMs: number): Promise<string | undefined> {
    this.#closing.abort();
    const timer = setTimeout(() => this.#stopping.abort(), withinMs);
    await this.#pump;
    this.#lost += this.#waiting.length;
    this.#waiting = [];
    const left = await this.#transport.close(this.#stopping.signal).catch(messageOf);
    clearTimeout(timer);
    return this.trouble ?? left;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      const second = this.#waiting.shift() ?? [];
      const attempt = await this.#attempt(second);
      if (attempt === 'delivered') continue;
      if ('refused' in attempt) {
        this.#lost += 1;
        this.#why = attempt.refused;
        continue;
      }
      this.#why = attempt.again;
      this.#waiting.unshift(second);
      this.#dropOldest();
      // Nothing more will come, and a reader that is gone is not waited for.
      if (this.#closing.signal.aborted) return;
      await delay(PAUSE_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
  }

  async #attempt(messages: readonly Message[]): Promise<Attempt> {
    const deadline = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(ATTEMPT_MS)]);
    return await this.#transport.send(messages, deadline).catch((error: unknown) => ({ again: messageOf(error) }));
  }

  #dropOldest(): void {
    for (; this.#waiting.length > MOST_WAITING; this.#lost += 1) this.#waiting.shift();
  }
}
