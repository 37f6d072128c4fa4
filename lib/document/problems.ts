import { withoutPassword } from './passwords.ts';

/** Where something stands in a plan: `['phases', 0, 'duration']`. */
export type Path = readonly (string | number)[];

/** Something wrong in a plan: what, what to do, and where. `onKey` marks the key itself, not its value. */
export interface Problem {
  readonly path: Path;
  readonly text: string;
  readonly onKey?: boolean;
  /** Nothing is wrong in the text itself: the environment of a run lacks something. */
  readonly isOfEnvironment?: true;
  /** The end of the text where it is expensive to compute: it is called only for problems that are shown. */
  readonly hint?: () => string;
}

/** The problem as a list of one where something is wrong, and an empty list where it isn't: lists of checks are joined. */
export const problemIf = (isWrong: boolean, path: Path, text: string): Problem[] => (isWrong ? [{ path, text }] : []);

/** A place in the plan's text, both numbers from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `['phases', 0, 'open', 'rate']` → `phases[0].open.rate`; keys that are no names are quoted. */
export function formatPath(path: Path): string {
  return path
    .map((part, i) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w$-]+$/.test(part)) return `[${quote(part)}]`;
      return i === 0 ? part : `.${part}`;
    })
    .join('');
}

const LONGEST_QUOTE = 60;

/** YAML has numbers that are none: `.inf` and `.nan`. */
export const isEndless = (value: unknown): value is number => typeof value === 'number' && !Number.isFinite(value);

export const endlessInYaml = (value: number): string => (Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf');

/** A value as it may stand in a message: JSON, cut where it is long. */
export function quote(value: unknown): string {
  const text = isEndless(value) ? endlessInYaml(value) : withoutPassword(JSON.stringify(value) ?? 'nothing');
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

/** One problem without a place in a text, as from a plan written in TypeScript. */
export const describeProblem = ({ path, text, hint }: Problem): string =>
  `${path.length === 0 ? '' : `${formatPath(path)}: `}${text}${hint?.() ?? ''}`;

/** `plans/x.yaml:5:13 phases[0].duration: …` and below it the line of the plan with a caret under the place. */
export const describeAt = (file: string, line: string, problem: Problem, at: Position): string =>
  `${file}:${at.line}:${at.column} ${describeProblem(problem)}\n${codeFrame(line, at)}`;

const FRAME_BEFORE = 60;
const FRAME_WIDTH = 100;

/** Control characters are replaced, so that no plan can steer the terminal that shows its errors. */
function codeFrame(line: string, at: Position): string {
  const from = Math.max(0, at.column - 1 - FRAME_BEFORE);
  const [before, after] = [from > 0 ? '…' : '', from + FRAME_WIDTH < line.length ? '…' : ''];
  const shown = withoutPassword(line)
    .slice(from, from + FRAME_WIDTH)
    .replaceAll(/\p{Cc}/gu, ' ');
  const number = String(at.line);
  const caret = ' '.repeat(before.length + at.column - 1 - from);
  return `  ${number} | ${before}${shown}${after}\n  ${' '.repeat(number.length)} | ${caret}^`;
}
