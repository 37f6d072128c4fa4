import { environmentNameOf, variableNameOf } from '../building/names.ts';
import type { Notes } from '../building/notes.ts';
import { isSecretName, isSecretValue, type Secrets } from '../building/secrets.ts';

/** Variables in variables beyond this lead in a circle. */
const DEEPEST = 6;

/** What JMeter's variables and functions are in a plan. */
export class JmeterTexts {
  readonly #notes: Notes;
  readonly #secrets: Secrets;
  /** User defined variables. */
  readonly values = new Map<string, string>();
  /** Columns of CSV data sets: name → `feeder.column`. */
  readonly columns = new Map<string, string>();
  /** Names that extractors set, and others that have a value while it runs. */
  readonly captured = new Set<string>();
  /** Those of them that hold a list. */
  readonly lists = new Set<string>();
  /** Values of the plan's variables, by the names that it has for them. */
  readonly used = new Map<string, string>();
  #depth = 0;

  constructor(notes: Notes, secrets: Secrets) {
    this.#notes = notes;
    this.#secrets = secrets;
  }

  /** A text with `${…}` as a plan has it. */
  text(written: string, line: number | undefined): string {
    return piecesOf(written)
      .map((piece) =>
        piece.inner === undefined
          ? piece.text.toWellFormed().replaceAll('{{', '{{ "{{" }}')
          : this.template(piece.inner, line),
      )
      .join('');
  }

  /** JSON whose bare `${n}` become texts that keep what they hold. */
  json(written: string, line: number | undefined): string {
    let isQuoted = false;
    return piecesOf(written)
      .map(({ text, inner }) => {
        if (inner !== undefined) {
          const template = this.template(inner, line);
          return isQuoted
            ? template.replaceAll('"', String.raw`\"`)
            : `"${template.replace(/^(\{\{ [A-Za-z_][\w.-]*) \}\}$/, '$1 | raw }}').replaceAll('"', String.raw`\"`)}"`;
        }
        for (const quote of text.matchAll(/\\.|"/gs)) if (quote[0] === '"') isQuoted = !isQuoted;
        return text.toWellFormed().replaceAll('{{', String.raw`{{ \"{{\" }}`);
      })
      .join('');
  }

  /** The text itself where all in it is known beforehand: of numbers and hosts. */
  constant(written: string, depth = 0): string | undefined {
    const pieces = piecesOf(written).map(({ text, inner }) =>
      inner === undefined ? text : this.#constantOf(inner, depth),
    );
    return pieces.includes(undefined) ? undefined : pieces.join('');
  }

  number(written: string): number | undefined {
    const text = this.constant(written)?.trim() ?? '';
    const value = Number(text);
    return text === '' || !Number.isFinite(value) ? undefined : value;
  }

  #constantOf(inner: string, depth: number): string | undefined {
    if (depth > DEEPEST) return undefined;
    const { name, args } = callOf(inner);
    if (/^__(?:P|property)$/.test(name))
      return args.length < 2 ? undefined : this.constant(args.at(-1) ?? '', depth + 1);
    const value = this.captured.has(inner) || this.columns.has(inner) ? undefined : this.values.get(inner);
    return value === undefined ? undefined : this.constant(value, depth + 1);
  }

  /** What `${inner}` is in a plan. */
  template(inner: string, line: number | undefined): string {
    if (inner.startsWith('__')) return this.#called(inner, line);
    const given = this.#columnOrItem(inner);
    if (given !== undefined) return given;
    const value = this.values.get(inner);
    const constant = this.constant(value ?? '');
    if (this.captured.has(inner)) return this.#use(inner, constant ?? '');
    if (isSecretName(inner) || isSecretValue(value ?? '')) return this.#secret(inner, constant ?? '');
    if (value === undefined)
      this.#notes.changed(line, `${inner.slice(0, 60)} has no value here: fill it in among the variables`);
    return constant === undefined ? this.#within(value ?? '', line) : this.#use(inner, constant);
  }

  /** A value that holds variables; where they lead in a circle they are left as they stand. */
  #within(value: string, line: number | undefined): string {
    if (this.#depth > DEEPEST) return '';
    this.#depth += 1;
    const text = this.text(value, line);
    this.#depth -= 1;
    return text;
  }

  /** `${email}` of a data set, and `${id_2}`, the second of a captured list. */
  #columnOrItem(inner: string): string | undefined {
    const column = this.columns.get(inner);
    if (column !== undefined) return `{{ ${column} }}`;
    const [, list = '', number] = /^(.+)_(\d+)$/.exec(inner) ?? [];
    if (!this.lists.has(list)) return undefined;
    return `{{ ${variableNameOf(list)}[${Math.max(0, Number(number) - 1)}] }}`;
  }

  #secret(name: string, value: string): string {
    return value === '' ? this.#secrets.variable(environmentNameOf(name)) : this.#secrets.hide(name, value);
  }

  #use(name: string, value: string): string {
    const own = variableNameOf(name);
    this.used.set(own, value === '' ? own : value.replaceAll('{{', '{ {').toWellFormed());
    return `{{ ${own} }}`;
  }

  #called(inner: string, line: number | undefined): string {
    const { name, args } = callOf(inner);
    const first = args[0] ?? '';
    if (/^__(?:P|property)$/.test(name))
      return args.length < 2 ? this.template(first, line) : this.#within(args.at(-1) ?? '', line);
    if (/^__(?:env|getenv)$/.test(name) && /^\w+$/.test(first)) return this.#secrets.variable(first);
    if (/^__(?:urlencode|urldecode|escapeHtml|unescapeHtml|eval|V)$/.test(name) && first !== '')
      return this.#within(first, line);
    const builtIn = builtInFor(
      name,
      args.map((each) => this.constant(each) ?? each),
    );
    if (builtIn === '{{ $now }}' && (name !== '__time' || first !== ''))
      this.#notes.changed(line, `${name} is in milliseconds since 1970`);
    if (builtIn !== undefined) return builtIn;
    this.#notes.leftOut(line, `the function ${name.slice(0, 40)}: fill its value in among the variables`);
    return this.#use(name.replace(/^_+/, ''), '');
  }
}

/** Functions that a plan has as well. */
function builtInFor(name: string, [first = '', second = '']: readonly string[]): string | undefined {
  const fixed = FIXED[name];
  if (fixed !== undefined) return fixed;
  if (name === '__RandomString')
    return `{{ $randomString(${Math.min(10_000, Math.max(1, Math.trunc(Number(first)) || 8))}) }}`;
  if (name !== '__Random' || !/^-?\d{1,15}$/.test(first) || !/^-?\d{1,15}$/.test(second)) return undefined;
  const [low, high] = [first, second].map(Number).toSorted((a, b) => a - b);
  return `{{ $randomInt(${low}, ${high}) }}`;
}

const FIXED: Readonly<Record<string, string>> = {
  __UUID: '{{ $uuid }}',
  __time: '{{ $now }}',
  __timeShift: '{{ $now }}',
  __threadNum: '{{ $user }}',
  __counter: '{{ $iteration }}',
};

interface TextPiece {
  readonly text: string;
  /** What stands in `${…}`. */
  readonly inner?: string;
}

/** Functions hold variables, so braces are counted. */
function piecesOf(written: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (let open = written.indexOf('${'); open >= 0; open = written.indexOf('${', end)) {
    const close = closing(written, open + 2);
    if (close < 0) break;
    if (open > end) pieces.push({ text: written.slice(end, open) });
    pieces.push({ text: written.slice(open, close + 1), inner: written.slice(open + 2, close).trim() });
    end = close + 1;
  }
  return end < written.length ? [...pieces, { text: written.slice(end) }] : pieces;
}

function closing(text: string, from: number): number {
  for (let at = from, depth = 1; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** `__Random(1,9)` → its name and arguments; a \ keeps a comma from ending one. */
function callOf(inner: string): { name: string; args: string[] } {
  const [, name = inner, list] = /^(\w+)(?:\((.*)\))?$/s.exec(inner) ?? [];
  if (list === undefined || list === '') return { name, args: [] };
  const args = [''];
  for (let at = 0, depth = 0; at < list.length; at += 1) {
    const letter = list[at] ?? '';
    if ('({'.includes(letter)) depth += 1;
    if (')}'.includes(letter)) depth -= 1;
    if (letter === ',' && depth === 0) args.push('');
    else if (letter === '\\' && ',\\$'.includes(list[at + 1] ?? '-')) args[args.length - 1] += list[(at += 1)] ?? '';
    else args[args.length - 1] += letter;
  }
  return { name, args: args.map((each) => each.trim()) };
}
