import { PlimsollError } from '../../errors.ts';
import type { LineCount } from './importer.ts';

/** Counts good and bad records while a file is read. */
export class LineTally {
  good = 0;
  cut = false;
  #bad = 0;
  #firstBad: { line: number; why: string } | undefined;

  reject(line: number, why: string): void {
    this.#bad += 1;
    this.#firstBad ??= { line, why };
  }

  counted(): LineCount {
    const { good, cut } = this;
    const firstBad = this.#firstBad;
    return { good, bad: this.#bad, cut, ...(firstBad !== undefined && { firstBad }) };
  }

  /** @throws PlimsollError E-IMPORT-DAMAGED where more can't be read than can: then the rest is not to be trusted either */
  checked(format: string): LineCount {
    const counted = this.counted();
    const { good, bad, firstBad } = counted;
    if (good > 0 && bad <= good) return counted;
    const found =
      firstBad === undefined
        ? 'but holds no request'
        : `but ${bad} of ${good + bad} records can't be read: line ${firstBad.line}: ${firstBad.why}`;
    throw new PlimsollError('E-IMPORT-DAMAGED', `The file begins as ${format}, ${found}.`);
  }
}
