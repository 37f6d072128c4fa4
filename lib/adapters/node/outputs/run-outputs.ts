import { join } from 'node:path';
import { messageOf, PlimsollError } from '../../../errors.ts';
import type { IntervalWire } from '../../../measure/codec.ts';
import { LiveFigures, type LiveOptions } from '../../../outputs/live-figures.ts';
import type { ChosenOutput, Destination, LiveSecond } from '../../../outputs/output.ts';
import type { TimedPhase } from '../../../run/run.ts';
import { Delivery } from './delivery.ts';
import type { Transport } from './transport.ts';

/** How long a run that is over waits for readers that are slow; all of them together. */
const FLUSH_MS = 3000;

/** Where the figures of a run come from. */
export type LiveSource = Omit<LiveOptions, 'onSecond' | 'nowMs'>;

interface Open {
  readonly chosen: ChosenOutput;
  readonly delivery: Delivery;
}

/** Everything that streams out of a run while it goes on. */
export class RunOutputs {
  readonly #open: readonly Open[];
  #figures: LiveFigures | undefined;

  private constructor(open: readonly Open[]) {
    this.#open = open;
  }

  /**
   * Before anything is started for the run, whose folder is `folder`.
   * @throws PlimsollError E-OUTPUT where a file can't be written or a port not be listened on
   */
  static async open(chosen: readonly ChosenOutput[], folder: string): Promise<RunOutputs> {
    const open: Open[] = [];
    for (const each of chosen) {
      try {
        const transport = await transportTo(each.destination, folder);
        open.push({ chosen: each, delivery: new Delivery(transport) });
      } catch (error) {
        await Promise.all(open.map(({ delivery }) => delivery.end(0)));
        throw new PlimsollError('E-OUTPUT', `The output ${named(each)} can't be opened: ${messageOf(error)}.`);
      }
    }
    return new RunOutputs(open);
  }

  /** The run begins; without outputs nothing is put together. */
  begin(source: LiveSource): void {
    if (this.#open.length === 0) return;
    const onSecond = (live: LiveSecond): void => {
      for (const { chosen, delivery } of this.#open) delivery.offer(chosen.encoder.second(live));
    };
    this.#figures = new LiveFigures({ ...source, onSecond, nowMs: () => Date.now() });
  }

  phaseStarted({ phase: { name, durationUs }, number, startAtMs }: TimedPhase): void {
    this.#figures?.phaseStarted({ name, number, startAtMs, durationUs });
  }

  add(interval: IntervalWire): void {
    this.#figures?.add(interval);
  }

  phaseEnded(): void {
    this.#figures?.phaseEnded();
  }

  /** Of the outputs whose reader lacks something by now, what. */
  troubles(): string[] {
    return this.#open.flatMap(({ chosen, delivery }) =>
      delivery.trouble === undefined ? [] : `output ${chosen.kind} ${delivery.trouble}`,
    );
  }

  /** Delivers what waits, for some seconds at the most. Whole sentences about what readers lack in the end. */
  async end(withinMs = FLUSH_MS): Promise<string[]> {
    const ends = await Promise.all(
      this.#open.map(async ({ chosen, delivery }) => {
        delivery.offer(chosen.encoder.end?.() ?? []);
        const trouble = await delivery.end(withinMs);
        return trouble === undefined ? [] : `The output ${named(chosen)} ${trouble}.`;
      }),
    );
    return ends.flat();
  }
}

const named = ({ kind, shown }: ChosenOutput): string => `${kind} (${shown})`;

/** Each is loaded where it is used. */
async function transportTo(destination: Destination, folder: string): Promise<Transport> {
  switch (destination.by) {
    case 'http':
      return (await import('./http.ts')).httpTransport(destination);
    case 'udp':
      return await (await import('./udp.ts')).udpTransport(destination);
    case 'scrape':
      return await (await import('./scrape.ts')).scrapeTransport(destination);
    case 'file': {
      const { fileTransport } = await import('./file.ts');
      return destination.path === undefined
        ? await fileTransport(join(folder, destination.name), 'new')
        : await fileTransport(destination.path, 'appended');
    }
  }
}
