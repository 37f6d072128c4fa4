import { isReference } from './name.ts';

/**
 * A piece of a compiled template: literal text, the value of a variable, or a call of a built-in. `raw` values are not encoded for
 * the place where they stand.
 */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly raw?: true }
  | { readonly kind: 'call'; readonly name: BuiltIn; readonly args: readonly string[]; readonly raw?: true }
  | { readonly kind: 'computed'; readonly name: Computed; readonly args: readonly Piece[]; readonly raw?: true }
  | OwnCall;

/** A function of the plan's own hooks. */
export interface OwnCall {
  readonly kind: 'own';
  readonly name: string;
  readonly args: readonly Piece[];
  readonly raw?: true;
}

/** Built-in values of a template, with the number of arguments each takes. */
export const builtIns = {
  $uuid: [0, 0],
  $now: [0, 0],
  $user: [0, 0],
  $iteration: [0, 0],
  $randomInt: [2, 2],
  $randomString: [1, 1],
  $pick: [1, 100],
  $env: [1, 1],
} as const satisfies Record<string, readonly [number, number]>;

export type BuiltIn = keyof typeof builtIns;

/** Built-in functions of other values, with the number of arguments each takes. */
export const computed = {
  $base64: [1, 1],
  $base64url: [1, 1],
  $digest: [2, 3],
  $hmac: [3, 4],
  $jwt: [3, 4],
} as const satisfies Record<string, readonly [number, number]>;

export type Computed = keyof typeof computed;

export interface TemplateProblem {
  readonly expression: string;
  readonly reason: string;
}

export interface ParsedTemplate {
  readonly pieces: readonly Piece[];
  readonly problems: readonly TemplateProblem[];
}

/** A function of the plan's hooks. */
const OWN = /^([A-Za-z_][\w$]*)\((.*)\)$/s;

const CALL = /^(\$[A-Za-z\d]+)(?:\((.*)\))?$/s;

/** From `{{` to the `}}` that is in no quotes. */
const EXPRESSION = /\{\{((?:"[^"]*"|'[^']*'|(?!\}\})[^"'])*)\}\}/y;

/**
 * `Bearer {{ token }}` → pieces. `{{ name }}` is a variable or capture, `{{ order.lines[0] }}` a value inside one, `{{ feeder.column }}` a feeder's value,
 * `{{ $randomInt(1, 9) }}` a built-in, `{{ "{{" }}` a text as it stands; `| raw` behind any of them leaves its value unencoded.
 * Problems are returned, not thrown, so that a plan's are all shown at once.
 */
export function parseTemplate(text: string): ParsedTemplate {
  const pieces: Piece[] = [];
  const problems: TemplateProblem[] = [];
  let end = 0;
  for (const { open, whole, inner } of expressionsIn(text)) {
    if (whole === undefined) {
      const quoted = text.includes('}}', open);
      const reason = quoted ? 'has a quote that is never closed' : 'is never closed; end it with }}';
      problems.push({ expression: text.slice(open, open + 20), reason });
      break;
    }
    if (open > end) pieces.push({ kind: 'text', text: text.slice(end, open) });
    end = open + whole.length;
    const piece = parseExpression(inner);
    if (typeof piece === 'string') problems.push({ expression: whole, reason: piece });
    else pieces.push(piece);
  }
  if (end < text.length || pieces.length === 0) pieces.push({ kind: 'text', text: text.slice(end) });
  return { pieces, problems };
}

interface Expression {
  readonly open: number;
  /** Undefined where it is never closed, with which the search ends: trying each of many braces takes the square of the time. */
  readonly whole: string | undefined;
  readonly inner: string;
}

/** Each `{{ … }}` of a text. */
export function* expressionsIn(text: string): Generator<Expression, void> {
  for (let open = text.indexOf('{{'); open >= 0;) {
    EXPRESSION.lastIndex = open;
    const [whole, inner = ''] = EXPRESSION.exec(text) ?? [];
    yield { open, whole, inner };
    if (whole === undefined) return;
    open = text.indexOf('{{', open + whole.length);
  }
}

const WITH_FILTER = /^((?:"[^"]*"|'[^']*'|[^"'|])*)(?:\|(.*))?$/s;

/** A piece, or the reason why the expression is none. */
function parseExpression(expression: string): Piece | string {
  const [, source = '', filter] = WITH_FILTER.exec(expression) ?? [];
  // Mustache's way of writing a value as it is.
  if (source.startsWith('{'))
    return 'has three braces; write {{ name }}, or {{ name | raw }} for a value that is not to be encoded';
  const value = parseValue(source.trim());
  if (typeof value === 'string' || filter === undefined) return value;
  if (filter.trim() !== 'raw') return `has no filter "${filter.trim()}"; there is | raw`;
  return value.kind === 'text' ? value : { ...value, raw: true };
}

function parseValue(expression: string): Piece | string {
  if (isReference(expression)) return { kind: 'variable', name: expression };
  const quoted = /^(["'])(.*)\1$/s.exec(expression)?.[2];
  if (quoted !== undefined) return { kind: 'text', text: quoted };
  const own = OWN.exec(expression);
  if (own?.[1] !== undefined) return functionOf(own[1], own[2] ?? '');
  const call = CALL.exec(expression);
  const name = call?.[1];
  if (name === undefined) return 'is neither a name nor a built-in such as $uuid';
  if (isComputed(name)) return computedOf(name, call?.[2] ?? '');
  if (!isBuiltIn(name))
    return `is no built-in; there are ${[...Object.keys(builtIns), ...Object.keys(computed)].join(', ')}`;
  return callOf(name, call?.[2] ?? '');
}

function callOf(name: BuiltIn, text: string): Piece | string {
  const args = argumentsOf(text);
  if (typeof args === 'string') return args;
  const [least, most] = builtIns[name];
  if (args.length < least || args.length > most)
    return `takes ${least === most ? least : `${least} or more`} arguments`;
  const reason = name.startsWith('$random') ? notRandom(name, args) : undefined;
  return reason ?? { kind: 'call', name, args };
}

/** A text in quotes, which it loses, or a word; then a comma or the end. */
const ARGUMENT = /\s*(?:"([^"]*)"|'([^']*)'|([^,"']*?))\s*(,|$)/y;

/** `a, "b, c"` → its arguments, or the reason why they are none. */
function argumentsOf(text: string): string[] | string {
  const args: string[] = [];
  if (text.trim() === '') return args;
  ARGUMENT.lastIndex = 0;
  for (;;) {
    const [, double, single, word, end] = ARGUMENT.exec(text) ?? [];
    if (end === undefined) return 'has an argument that is partly in quotes; put the whole of it in quotes';
    if (word === '') return 'has an empty argument; write "" for an empty text';
    args.push(double ?? single ?? word ?? '');
    if (end === '') return args;
  }
}

/** A text in quotes, what stands in brackets, or other letters; then a comma or the end. */
const VALUE = /((?:"[^"]*"|'[^']*'|\((?:"[^"]*"|'[^']*'|\([^()]*\)|[^()"'])*\)|[^,"'()])*)(,|$)/y;

/** Arguments that are values: texts in quotes, numbers, names, and calls of built-ins; or the reason why they are none. */
function valuesOf(text: string): readonly Piece[] | string {
  const pieces: Piece[] = [];
  if (text.trim() === '') return pieces;
  for (let at = 0; ;) {
    // Arguments of arguments are read with it too.
    VALUE.lastIndex = at;
    const [whole = '', source = '', end] = VALUE.exec(text) ?? [];
    if (end === undefined) return 'has a quote or bracket that is never closed';
    at += whole.length;
    const written = source.trim();
    const isNumber = /^-?\d+(?:\.\d+)?$/.test(written);
    const piece: Piece | string = isNumber ? { kind: 'text', text: written } : parseValue(written);
    if (typeof piece === 'string') return `has the argument ${written || '""'}, which ${piece}; put a text in quotes`;
    if (piece.kind === 'own') return 'has a function of the plan as an argument, and can take none';
    pieces.push(piece);
    if (end === '') return pieces;
  }
}

function functionOf(name: string, text: string): Piece | string {
  const args = valuesOf(text);
  return typeof args === 'string' ? args : { kind: 'own', name, args };
}

/** What servers ask for. */
const hashes = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];
const encodings = ['hex', 'base64', 'base64url'];
export const jwtHashes = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

function computedOf(name: Computed, text: string): Piece | string {
  const args = valuesOf(text);
  if (typeof args === 'string') return args;
  const [least, most] = computed[name];
  if (args.length < least || args.length > most)
    return `takes ${least === most ? least : `${least} to ${most}`} argument${most === 1 ? '' : 's'}`;
  const last = args.length === most ? args.at(-1) : undefined;
  return notComputed(name, args[0], last) ?? { kind: 'computed', name, args };
}

/** Why the words among the arguments don't do. */
function notComputed(name: Computed, first: Piece | undefined, last: Piece | undefined): string | undefined {
  if (name.startsWith('$base64')) return undefined;
  const words = name === '$jwt' ? Object.keys(jwtHashes) : hashes;
  if (!isOneOf(first, words)) return `takes one of ${words.join(', ')} first, in quotes`;
  if (last === undefined) return undefined;
  if (name !== '$jwt')
    return isOneOf(last, encodings) ? undefined : `ends with one of ${encodings.join(', ')}, in quotes`;
  return last.kind === 'text' && /^[1-9]\d{0,8}$/.test(last.text)
    ? undefined
    : 'ends with how long the token is valid, in whole seconds';
}

const isOneOf = (piece: Piece | undefined, words: readonly string[]): boolean =>
  piece?.kind === 'text' && words.includes(piece.text);

const isComputed = (name: string): name is Computed => Object.hasOwn(computed, name);

const LONGEST_RANDOM = 10_000;

/** Why the arguments of $randomInt(least, most) or $randomString(length) don't do; undefined where they do. */
function notRandom(name: BuiltIn, args: readonly string[]): string | undefined {
  if (args.some((arg) => !/^-?\d{1,15}$/.test(arg))) return 'takes whole numbers';
  const [first = 0, second = first] = args.map(Number);
  if (name === '$randomInt') return first > second ? 'takes the smaller number first' : undefined;
  return first < 1 || first > LONGEST_RANDOM ? `takes a length of 1 to ${LONGEST_RANDOM}` : undefined;
}

const isBuiltIn = (name: string): name is BuiltIn => Object.hasOwn(builtIns, name);

/** Every piece, with those that are arguments of others. */
export const allPieces = (pieces: readonly Piece[]): Piece[] =>
  pieces.flatMap((piece) =>
    piece.kind === 'computed' || piece.kind === 'own' ? [piece, ...allPieces(piece.args)] : [piece],
  );

/** Names of the variables that a template reads. */
export const variablesOf = (template: ParsedTemplate): string[] =>
  allPieces(template.pieces).flatMap((piece) => (piece.kind === 'variable' ? [piece.name] : []));

/** Calls of the plan's own functions. */
export const functionsIn = (template: ParsedTemplate): OwnCall[] =>
  template.pieces.flatMap((piece) => (piece.kind === 'own' ? [piece] : []));
