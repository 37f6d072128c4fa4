/** No tool writes a longer line; one that is longer is skipped, so that it can't fill the memory. */
export const LONGEST_LINE = 1024 * 1024;

/** Hands on lines with their numbers, from 1; ends of both kinds. Undefined stands for a line that is too long. */
export class LineReader {
  readonly #onLine: (line: string | undefined, number: number) => void;
  #rest = '';
  #skipping = false;
  #number = 0;

  constructor(onLine: (line: string | undefined, number: number) => void) {
    this.#onLine = onLine;
  }

  write(piece: string): void {
    let at = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', at)) {
      this.#line(this.#rest + piece.slice(at, end));
      this.#rest = '';
      at = end + 1;
    }
    this.#rest += piece.slice(at);
    if (this.#rest.length > LONGEST_LINE) {
      this.#skipping = true;
      this.#rest = '';
    }
  }

  /** Returns whether the last line had no end. */
  end(): boolean {
    const hasRest = this.#rest !== '' || this.#skipping;
    if (hasRest) this.#line(this.#rest);
    this.#rest = '';
    return hasRest;
  }

  #line(line: string): void {
    this.#number += 1;
    const isLong = this.#skipping || line.length > LONGEST_LINE;
    this.#skipping = false;
    this.#onLine(isLong ? undefined : line.endsWith('\r') ? line.slice(0, -1) : line, this.#number);
  }
}
