import { mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, PlimsollError } from '../../errors.ts';
import type { IntervalWire } from '../../measure/codec.ts';
import { folderKeys } from '../../run/archive/keys.ts';

/** Of each stream some chunks are in memory at a time when they are merged. */
const CHUNK_LETTERS = 128 * 1024;

interface Chunk {
  readonly firstSecond: number;
  readonly lines: string[];
  letters: number;
}

/** Where a file's phase is in its run: its number, and how many steps the phases before it have. */
export interface PhasePlace {
  readonly number: number;
  readonly firstStep: number;
}

const placed = (interval: IntervalWire, { number, firstStep }: PhasePlace): IntervalWire => ({
  ...interval,
  phase: number,
  steps: interval.steps.map((each) => ({ ...each, step: firstStep + each.step })),
});

/** Writes intervals that were made from another tool's requests, as workers store theirs. It waits for the disk: nothing is measured here. */
export class IntervalFiles {
  readonly #folder: string;
  readonly #place: PhasePlace;
  readonly #chunks = new Map<number, Chunk>();

  constructor(folder: string, place: PhasePlace) {
    this.#folder = folder;
    this.#place = place;
  }

  /** Seconds of one stream ascend; a second may come twice, and is then in one chunk. */
  append(interval: IntervalWire): void {
    const { worker, second } = interval;
    let chunk = this.#chunks.get(worker);
    if (chunk !== undefined && chunk.letters > CHUNK_LETTERS && second > chunk.firstSecond) {
      this.#flush(worker, chunk);
      chunk = undefined;
    }
    if (chunk === undefined) this.#chunks.set(worker, (chunk = { firstSecond: second, lines: [], letters: 0 }));
    const line = JSON.stringify(placed(interval, this.#place));
    chunk.lines.push(line);
    chunk.letters += line.length;
  }

  /** Nothing follows. */
  end(): void {
    for (const [worker, chunk] of this.#chunks) this.#flush(worker, chunk);
    this.#chunks.clear();
  }

  /** Takes away what was written: the file was not what it seemed. */
  async discard(): Promise<void> {
    this.#chunks.clear();
    await rm(join(this.#folder, folderKeys.phasesPrefix), { recursive: true, force: true });
  }

  #flush(worker: number, { firstSecond, lines }: Chunk): void {
    const path = join(this.#folder, folderKeys.phase(this.#place.number).intervals(worker, firstSecond));
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${lines.join('\n')}\n`);
    } catch (error) {
      throw new PlimsollError('E-OUT', `${path} can't be written: ${messageOf(error)}.`, [], error);
    }
  }
}
