/** A piece of a pattern, and how often it is written. */
const PIECE = /\\([dDwWsSbB])|\\(.)|\[(\^?)((?:\\.|[^\]\\])*)\]|([.^$])|([^\\[\](){}*+?|])/sy;
const TIMES = /\{(\d+)(?:,\d*)?\}|[*?]|\+/y;

const SIMPLE: Readonly<Record<string, string>> = {
  d: '1',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  b: '',
  B: '',
  '.': 'a',
  '^': '',
  $: '',
};
const LONGEST = 500;

/** A text that a simple pattern matches: letters, classes, counts, groups of which the first branch is taken. Undefined of any other. */
export function textLike(pattern: string): string | undefined {
  if (pattern.length > LONGEST) return undefined;
  const text = textOfBranch(firstBranch(pattern));
  if (text === undefined) return undefined;
  try {
    return new RegExp(pattern).test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function textOfBranch(branch: string): string | undefined {
  let text = '';
  let at = 0;
  while (at < branch.length) {
    const piece = groupAt(branch, at) ?? pieceAt(branch, at);
    if (piece === undefined || text.length > LONGEST) return undefined;
    TIMES.lastIndex = piece.end;
    const [times, count] = TIMES.exec(branch) ?? [];
    at = times === undefined ? piece.end : TIMES.lastIndex;
    if (branch[at] === '?' && times !== undefined) at += 1;
    text += piece.text.repeat(
      Math.min(LONGEST, count === undefined ? (times === '*' || times === '?' ? 0 : 1) : Number(count)),
    );
  }
  return text;
}

interface PieceText {
  readonly text: string;
  readonly end: number;
}

function pieceAt(branch: string, at: number): PieceText | undefined {
  PIECE.lastIndex = at;
  const [, kind, escaped, negated, letters, sign, letter] = PIECE.exec(branch) ?? [];
  const end = PIECE.lastIndex;
  if (letters !== undefined) {
    const one =
      negated === '' ? firstOf(letters) : ['a', '1', '-'].find((each) => !new RegExp(`[${letters}]`).test(each));
    return one === undefined ? undefined : { text: one, end };
  }
  const text = kind === undefined ? (sign === undefined ? (escaped ?? letter) : SIMPLE[sign]) : SIMPLE[kind];
  return text === undefined ? undefined : { text, end };
}

const firstOf = (letters: string): string | undefined => {
  const [, kind, escaped] = /^\\([dws])|^\\(.)/i.exec(letters) ?? [];
  return kind === undefined ? (escaped ?? letters[0]) : SIMPLE[kind];
};

function groupAt(branch: string, at: number): PieceText | undefined {
  if (branch[at] !== '(') return undefined;
  const end = closing(branch, at);
  const inner = branch.slice(at + 1, end);
  if (end < 0 || /^\?[=!<]/.test(inner)) return undefined;
  const text = textOfBranch(firstBranch(inner.replace(/^\?:/, '')));
  return text === undefined ? undefined : { text, end: end + 1 };
}

/** Up to a | that is in no brackets. */
function firstBranch(pattern: string): string {
  let depth = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at] ?? '';
    if (letter === '\\') at += 1;
    else if ('(['.includes(letter)) depth += 1;
    else if (')]'.includes(letter)) depth -= 1;
    else if (letter === '|' && depth === 0) return pattern.slice(0, at);
  }
  return pattern;
}

function closing(pattern: string, from: number): number {
  let depth = 0;
  for (let at = from; at < pattern.length; at += 1) {
    const letter = pattern[at];
    if (letter === '\\') at += 1;
    else if (letter === '(') depth += 1;
    else if (letter === ')') depth -= 1;
    if (depth === 0 && letter !== '\\') return at;
  }
  return -1;
}
