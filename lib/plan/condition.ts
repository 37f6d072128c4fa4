import { exactNumber, isJsonNumber } from '../document/exact-json.ts';
import { REFERENCE } from './name.ts';

/**
 * A condition of a plan, parsed. Its grammar, from what binds least to what binds most:
 *
 *     condition  = either { "or" either }
 *     either     = negation { "and" negation }
 *     negation   = "not" negation | comparison
 *     comparison = operand [ ( "==" | "!=" | "<=" | "<" | ">=" | ">" ) operand ]
 *     function   = name "(" ")", which is the whole of a condition
 *     operand    = number | text in quotes | "true" | "false" | "null" | name | "defined" "(" name ")" | "(" condition ")"
 *     name       = letters { "." letters | "[" digits "]" }
 *
 * Numbers are those of JSON (RFC 8259 §6). A function is one of the plan's hooks. There is nothing else in it: no arithmetic.
 */
export type Condition =
  | { readonly is: 'value'; readonly value: string | boolean | null | object }
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'defined'; readonly name: string }
  | { readonly is: 'function'; readonly name: string }
  | { readonly is: 'not'; readonly of: Condition }
  | { readonly is: 'and'; readonly left: Condition; readonly right: Condition }
  | { readonly is: 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly is: 'compare'; readonly by: Comparator; readonly left: Condition; readonly right: Condition };

export type Comparator = '==' | '!=' | '<=' | '<' | '>=' | '>';

/** What is wrong with a condition, at a letter counted from 1. */
export interface ConditionProblem {
  readonly at: number;
  readonly reason: string;
}

/** Parsing recurses, and this is longer than any condition that can be read. */
const LONGEST = 1000;

/** @throws nothing: a text that is no condition is a problem, so that a plan's are all shown at once */
export function parseCondition(text: string): Condition | ConditionProblem {
  if (text.length > LONGEST) return { at: LONGEST, reason: `it has more than ${LONGEST} letters` };
  const parser = new Parser(text);
  try {
    return parser.whole();
  } catch (error) {
    if (error instanceof Unparsable) return { at: error.at, reason: error.message };
    throw error;
  }
}

class Unparsable extends Error {
  readonly at: number;

  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

const TOKEN = new RegExp(String.raw`\s*(?:(-?\d[\w.+-]*)|("[^"]*"|'[^']*')|(${REFERENCE})|(==|!=|<=|>=|[<>()]))`, 'y');

/** Ways in which other languages write it. */
const SLIPS: readonly (readonly [RegExp, string])[] = [
  [/^&&?/, 'write and'],
  [/^\|\|?/, 'write or'],
  [/^!/, 'write not'],
  [/^=/, 'write == to compare'],
  [/^\{\{/, 'write the name without {{ }}'],
  [/^["']/, 'the quote is never closed'],
];

type Kind = 'number' | 'text' | 'word' | 'sign' | 'end';

interface Token {
  readonly kind: Kind;
  readonly text: string;
  readonly at: number;
}

const COMPARATORS: ReadonlySet<string> = new Set<Comparator>(['==', '!=', '<=', '<', '>=', '>']);
const isComparator = (text: string): text is Comparator => COMPARATORS.has(text);

const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Recursive descent: a method a line of the grammar. */
class Parser {
  readonly #text: string;
  #next: Token;
  #end = 0;

  constructor(text: string) {
    this.#text = text;
    this.#next = { kind: 'end', text: '', at: 1 };
  }

  whole(): Condition {
    const [, name] = FUNCTION.exec(this.#text) ?? [];
    if (name !== undefined) return { is: 'function', name };
    this.#read();
    const condition = this.#condition();
    return this.#next.kind === 'end' ? condition : this.#refuse('expected and, or, a comparison or the end');
  }

  #condition(): Condition {
    let left = this.#either();
    while (this.#takes('or')) left = { is: 'or', left, right: this.#either() };
    return left;
  }

  #either(): Condition {
    let left = this.#negation();
    while (this.#takes('and')) left = { is: 'and', left, right: this.#negation() };
    return left;
  }

  #negation(): Condition {
    return this.#takes('not') ? { is: 'not', of: this.#negation() } : this.#comparison();
  }

  #comparison(): Condition {
    const left = this.#operand();
    const { kind, text } = this.#next;
    if (kind !== 'sign' || !isComparator(text)) return left;
    this.#read();
    return { is: 'compare', by: text, left, right: this.#operand() };
  }

  #operand(): Condition {
    const { kind, text } = this.#next;
    if (kind === 'number') {
      if (!isJsonNumber(text)) this.#refuse(`${text} is no number; put it in quotes to compare with a text`);
      return this.#past({ is: 'value', value: exactNumber(text) });
    }
    if (kind === 'text') return this.#past({ is: 'value', value: text.slice(1, -1) });
    if (this.#takes('(')) return this.#closed(this.#condition());
    if (kind !== 'word' || RESERVED.has(text)) this.#refuse('expected a name, a number, a text in quotes or (');
    const literal = LITERALS.get(text);
    if (literal !== undefined) return this.#past({ is: 'value', value: literal });
    this.#read();
    return text === 'defined' ? this.#defined() : { is: 'name', name: text };
  }

  #defined(): Condition {
    if (!this.#takes('(')) this.#refuse('write defined(name)');
    const { kind, text } = this.#next;
    if (kind !== 'word') this.#refuse('write the name between ( and )');
    this.#read();
    return this.#closed({ is: 'defined', name: text });
  }

  #closed(condition: Condition): Condition {
    return this.#takes(')') ? condition : this.#refuse('expected )');
  }

  #past(condition: Condition): Condition {
    this.#read();
    return condition;
  }

  /** Goes past `text` where it comes next. */
  #takes(text: string): boolean {
    const comes = this.#next.text === text && (this.#next.kind === 'word' || this.#next.kind === 'sign');
    if (comes) this.#read();
    return comes;
  }

  #read(): void {
    TOKEN.lastIndex = this.#end;
    const found = TOKEN.exec(this.#text);
    const rest = this.#text.slice(this.#end);
    const at = this.#end + 1 + rest.length - rest.trimStart().length;
    if (found === null) {
      if (rest.trim() !== '') throw new Unparsable(at, slipOf(rest.trim()));
      this.#next = { kind: 'end', text: '', at };
      return;
    }
    this.#end = TOKEN.lastIndex;
    const [whole, number, text, word] = found;
    const kind = number !== undefined ? 'number' : text !== undefined ? 'text' : word !== undefined ? 'word' : 'sign';
    this.#next = { kind, text: whole.trim(), at };
  }

  #refuse(reason: string): never {
    throw new Unparsable(this.#next.at, reason);
  }
}

const FUNCTION = /^\s*(?!(?:defined|not|and|or)\b)([A-Za-z_$][\w$]*)\s*\(\s*\)\s*$/;

const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not']);

const slipOf = (rest: string): string =>
  SLIPS.find(([pattern]) => pattern.test(rest))?.[1] ?? `${rest.slice(0, 1)} has no meaning here`;

/** The names that a condition reads; `mayLack`: it asks of the name whether it has a value. */
export function namesIn(condition: Condition): { readonly name: string; readonly mayLack: boolean }[] {
  const asked = new Set<string>();
  const names = new Set<string>();
  const visit = (each: Condition): void => {
    if (each.is === 'defined') asked.add(each.name);
    if (each.is === 'name' || each.is === 'defined') names.add(each.name);
    else if (each.is === 'not') visit(each.of);
    else if (each.is !== 'value' && each.is !== 'function') [each.left, each.right].forEach(visit);
  };
  visit(condition);
  return [...names].map((name) => ({ name, mayLack: asked.has(name) }));
}
