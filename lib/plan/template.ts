/** A piece of a compiled template: literal text, the value of a variable, or a call of a built-in. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: BuiltIn; readonly args: readonly string[] };

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

export interface TemplateProblem {
  readonly expression: string;
  readonly reason: string;
}

export interface ParsedTemplate {
  readonly pieces: readonly Piece[];
  readonly problems: readonly TemplateProblem[];
}

const NAME = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)?$/;
const CALL = /^(\$[A-Za-z]+)(?:\((.*)\))?$/s;

/**
 * `Bearer {{ token }}` → pieces. `{{ name }}` is a variable or capture, `{{ feeder.column }}` a feeder's value,
 * `{{ $randomInt(1, 9) }}` a built-in. Problems are returned, not thrown, so that a plan's are all shown at once.
 */
export function parseTemplate(text: string): ParsedTemplate {
  const pieces: Piece[] = [];
  const problems: TemplateProblem[] = [];
  let end = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', end)) {
    const close = text.indexOf('}}', open);
    if (close < 0) {
      problems.push({ expression: text.slice(open, open + 20), reason: 'is never closed; end it with }}' });
      break;
    }
    if (open > end) pieces.push({ kind: 'text', text: text.slice(end, open) });
    end = close + 2;
    const piece = parseExpression(text.slice(open + 2, close).trim());
    if (typeof piece === 'string') problems.push({ expression: text.slice(open, end), reason: piece });
    else pieces.push(piece);
  }
  if (end < text.length || pieces.length === 0) pieces.push({ kind: 'text', text: text.slice(end) });
  return { pieces, problems };
}

/** A piece, or the reason why the expression is none. */
function parseExpression(expression: string): Piece | string {
  if (NAME.test(expression)) return { kind: 'variable', name: expression };
  const call = CALL.exec(expression);
  const name = call?.[1];
  if (name === undefined) return 'is neither a name nor a built-in such as $uuid';
  if (!isBuiltIn(name)) return `is no built-in; there are ${Object.keys(builtIns).join(', ')}`;
  const args = call?.[2] === undefined || call[2].trim() === '' ? [] : call[2].split(',').map((arg) => arg.trim());
  const [least, most] = builtIns[name];
  if (args.length < least || args.length > most)
    return `takes ${least === most ? least : `${least} or more`} arguments`;
  const reason = name.startsWith('$random') ? notRandom(name, args) : undefined;
  return reason ?? { kind: 'call', name, args };
}

const LONGEST_RANDOM = 10_000;

/** Why the arguments of $randomInt(least, most) or $randomString(length) don't do; undefined where they do. */
function notRandom(name: BuiltIn, args: readonly string[]): string | undefined {
  if (args.some((arg) => !/^-?\d{1,15}$/.test(arg))) return 'takes whole numbers';
  const [first = 0, second = first] = args.map(Number);
  if (name === '$randomInt') return first > second ? 'takes the smaller number first' : undefined;
  return first < 1 || first > LONGEST_RANDOM ? `takes a length of 1 to ${LONGEST_RANDOM}` : undefined;
}

const isBuiltIn = (name: string): name is BuiltIn => Object.hasOwn(builtIns, name);

/** Names of the variables that a template reads. */
export const variablesOf = (template: ParsedTemplate): string[] =>
  template.pieces.flatMap((piece) => (piece.kind === 'variable' ? [piece.name] : []));
