import { exactNumber } from '../../document/exact-json.ts';
import { PlimsollError } from '../../errors.ts';

/** A document, and the line on which each of its maps and lists begins. */
export interface LocatedDocument {
  readonly value: unknown;
  /** Undefined of what is no map or list of the document. */
  lineOf(node: unknown): number | undefined;
}

/** Deeper than any file of a tool; what reads the value recurses once a level. */
const DEEPEST = 200;

/** Each takes up to a kilobyte with its line; a recording has some fifty for a request. */
const MOST_NODES = 350_000;

const BLANKS = /[\s\uFEFF]*/y;
/** All but texts, which are too long for a regular expression to go through. */
const TOKEN = /[{}[\],:]|-?\d[\d.eE+-]*|[a-zA-Z]+/y;

/**
 * JSON (RFC 8259) with the lines of its maps and lists. Numbers that a double would change are exact numbers; `NaN` and `Infinity`,
 * which some tools write, are null. Of a key that stands twice the last one counts. Memory grows with the text, the stack does not.
 * @throws PlimsollError E-SCRIPT-REFUSED with the line at which it is broken, or nested too deep
 */
export function parseLocatedJson(text: string): LocatedDocument {
  const parser = new JsonParser(text);
  return { value: parser.whole(), lineOf: (node) => parser.lineOf(node) };
}

class JsonParser {
  readonly #text: string;
  readonly #lines = new WeakMap<object, number>();
  #line = 1;
  /** The next line end that was not counted; −1 where there is none. */
  #lineEnd: number;
  #at = 0;
  #depth = 0;
  #nodes = 0;

  constructor(text: string) {
    this.#text = text;
    this.#lineEnd = text.indexOf('\n');
  }

  lineOf(node: unknown): number | undefined {
    return typeof node === 'object' && node !== null ? this.#lines.get(node) : undefined;
  }

  whole(): unknown {
    const value = this.#value(this.#next());
    if (this.#text.slice(this.#at, this.#at + 1000).trim() !== '') this.#refuse('goes on where it should end');
    return value;
  }

  #value(token: string): unknown {
    const first = token.charCodeAt(0);
    if (first === QUOTE) return this.#string(token);
    if (token === '{') return this.#inside(() => this.#map());
    if (token === '[') return this.#inside(() => this.#list());
    if (first === MINUS || (first >= ZERO && first <= NINE)) return this.#number(token);
    const word = WORDS.get(token);
    return word === undefined
      ? this.#refuse(`has ${token === '' ? 'no more' : JSON.stringify(token.slice(0, 20))} where a value should be`)
      : word;
  }

  #inside<Value>(read: () => Value): Value {
    this.#depth += 1;
    this.#nodes += 1;
    if (this.#depth > DEEPEST) this.#refuse(`is nested more than ${DEEPEST} levels deep`);
    if (this.#nodes > MOST_NODES) this.#refuse(`is beyond the ${MOST_NODES} maps and lists that are read`);
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #map(): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    this.#lines.set(map, this.#lineHere());
    for (let token = this.#next(); token !== '}'; token = this.#next()) {
      if (token.charCodeAt(0) !== QUOTE) this.#refuse('has no text in quotes where a key should be');
      const key = this.#string(token);
      if (this.#next() !== ':') this.#refuse('has no : behind a key');
      const value = this.#value(this.#next());
      if (key === '__proto__')
        Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
      else map[key] = value;
      if (this.#ends('}')) break;
    }
    return map;
  }

  #list(): unknown[] {
    const list: unknown[] = [];
    this.#lines.set(list, this.#lineHere());
    for (let token = this.#next(); token !== ']'; token = this.#next()) {
      list.push(this.#value(token));
      if (this.#ends(']')) break;
    }
    return list;
  }

  #ends(bracket: string): boolean {
    const token = this.#next();
    if (token !== ',' && token !== bracket) this.#refuse(`has neither , nor ${bracket} behind a value`);
    return token === bracket;
  }

  #string(token: string): string {
    if (!UNUSUAL.test(token)) return token.slice(1, -1);
    try {
      return JSON.parse(token) as string;
    } catch {
      // Tools have written raw line breaks and tabs into their texts.
      return this.#mended(token);
    }
  }

  #mended(token: string): string {
    try {
      return JSON.parse(token.replaceAll(/\p{Cc}/gu, (letter) => JSON.stringify(letter).slice(1, -1))) as string;
    } catch {
      return this.#refuse('has a text with an escape that JSON does not know');
    }
  }

  #number(token: string): unknown {
    if (!JSON_NUMBER.test(token)) this.#refuse(`has ${token.slice(0, 20)}, which is no number`);
    const value = Number(token);
    return String(value) === token ? value : exactNumber(token);
  }

  #next(): string {
    BLANKS.lastIndex = this.#at;
    BLANKS.test(this.#text);
    this.#at = BLANKS.lastIndex;
    const from = this.#at;
    if (this.#text.charCodeAt(from) === QUOTE) {
      this.#at = this.#endOfString(from + 1);
      return this.#text.slice(from, this.#at);
    }
    TOKEN.lastIndex = from;
    if (TOKEN.test(this.#text)) this.#at = TOKEN.lastIndex;
    else if (from < this.#text.length) this.#refuse('is no JSON');
    return this.#text.slice(from, this.#at);
  }

  /** Behind the quote that closes a text: one with an even number of \ before it. */
  #endOfString(from: number): number {
    for (let quote = this.#text.indexOf('"', from); quote >= 0; quote = this.#text.indexOf('"', quote + 1)) {
      let slash = quote - 1;
      while (this.#text.charCodeAt(slash) === BACKSLASH) slash -= 1;
      if ((quote - slash) % 2 === 1) return quote + 1;
    }
    return this.#refuse('opens a text that never ends');
  }

  /** Line ends are counted as far as the text was read. */
  #lineHere(): number {
    while (this.#lineEnd >= 0 && this.#lineEnd < this.#at) {
      this.#line += 1;
      this.#lineEnd = this.#text.indexOf('\n', this.#lineEnd + 1);
    }
    return this.#line;
  }

  #refuse(why: string): never {
    throw new PlimsollError('E-SCRIPT-REFUSED', `Line ${this.#lineHere()} ${why}.`);
  }
}

const [QUOTE, MINUS, ZERO, NINE, BACKSLASH] = [0x22, 0x2d, 0x30, 0x39, 0x5c];
const UNUSUAL = /[\\\p{Cc}]/u;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', null],
  ['Infinity', null],
  ['undefined', null],
]);
