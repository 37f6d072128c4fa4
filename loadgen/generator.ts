import { Worker } from 'node:worker_threads';
import type { IntervalWire } from '../lib/measure/codec.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { PhaseOrder } from './phase.ts';

/** How a phase ended for the generator: `lost` says why a worker ended before its part was over. */
export interface GeneratorEnd {
  readonly lost?: string;
}

/** A thread that generates load, kept from phase to phase so that a later phase doesn't begin with cold code. */
export class Generator {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url));
  readonly #ready = Promise.withResolvers<void>();
  #lost: string | undefined;

  constructor() {
    this.#worker.once('error', (error: Error) => (this.#lost ??= error.message));
    this.#worker.once('exit', (code) => {
      this.#lost ??= `it ended with code ${code}`;
      this.#ready.resolve();
    });
    this.#worker.once('message', () => this.#ready.resolve());
  }

  /** Resolves when the worker has loaded its code and rehearsed; before that its first arrivals would be late. */
  async ready(): Promise<void> {
    await this.#ready.promise;
  }

  /** Resolves when every request of the phase is settled, or the worker is lost. Aborting `signal` stops the load at once. */
  async run(
    order: PhaseOrder,
    signal: AbortSignal,
    onInterval: (interval: IntervalWire) => void,
  ): Promise<GeneratorEnd> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const heard = (message: FromWorker): void => {
      if (message.did === 'interval') onInterval(message.interval);
      else if (message.did === 'done') resolve();
    };
    const stop = (): void => this.#tell({ do: 'stop' });
    this.#worker.on('message', heard).once('exit', resolve);
    signal.addEventListener('abort', stop, { once: true });
    this.#tell({ do: 'run', order });
    if (signal.aborted) stop();
    if (this.#lost === undefined) await promise;
    signal.removeEventListener('abort', stop);
    this.#worker.off('message', heard).off('exit', resolve);
    return this.#lost === undefined ? {} : { lost: this.#lost };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
