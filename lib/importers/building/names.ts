import { foreignName } from '../../document/foreign-name.ts';

/** More groups than these are ids in URLs, and no names. */
const MOST_NAMES = 1000;
const MOST_LETTERS = 200;

/** What stands for every name beyond the first thousand. */
const OTHER = 'other';

/** Numbers the names of groups in the order in which they come. Names are foreign text: cut, and bounded in number. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #list: string[] = [];
  #beyond = false;

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const isBeyond = this.#list.length >= MOST_NAMES;
    this.#beyond ||= isBeyond;
    const shown = isBeyond ? OTHER : shownName(name);
    const number = isBeyond ? this.#other() : (this.#numbers.get(shown) ?? this.#list.push(shown) - 1);
    // A copy: the name is a part of a piece of the file, which would stay in memory with it.
    if (!isBeyond) this.#numbers.set(Buffer.from(name).toString(), number);
    return number;
  }

  get list(): readonly string[] {
    return this.#list;
  }

  /** Some requests are counted as `other`. */
  get areBounded(): boolean {
    return this.#beyond;
  }

  #other(): number {
    const at = this.#list.indexOf(OTHER, MOST_NAMES - 1);
    return at >= 0 ? at : this.#list.push(OTHER) - 1;
  }
}

/** A name as it is shown: at most 200 letters. */
export const shownName = (name: string): string => foreignName(name.slice(0, MOST_LETTERS)) || '(no name)';
