import { withoutNumbers } from '../units.ts';

/** A line of a service's log that speaks of trouble, and how many were like it. */
export interface LoggedLine {
  readonly text: string;
  readonly count: number;
}

/** So many that differ are shown, the most frequent first. */
const MOST_LINES = 20;
/** A stack's line may hold a whole reply. */
const MOST_LETTERS = 500;
/** Of a log in which each line differs no more are compared. */
const MOST_SHAPES = 5000;

/** Words by which plain lines say so, and the levels of structured ones. */
const TROUBLE =
  /\b(?:error|fatal|critical|severe|warn|warning|panic|exception|traceback|unhandled|uncaught|out of memory|oom|killed|deadlock|timed? ?out|refused|too many connections)\b/i;
const GRAVE_LEVEL = /^(?:warn|error|fatal|crit|sever|alert|emerg|panic)/i;
/** pino and bunyan: 40 is a warning. */
const WARNING = 40;

/** Of the lines those that speak of trouble, one for all that differ by their numbers alone. `hide` takes secrets out. */
export async function troubleIn(
  lines: AsyncIterable<string>,
  hide: (text: string) => string,
): Promise<readonly LoggedLine[]> {
  const found = new Map<string, { text: string; count: number }>();
  for await (const line of lines) {
    if (!speaksOfTrouble(line)) continue;
    const shape = withoutNumbers(textOfLine(line).slice(0, MOST_LETTERS));
    const known = found.get(shape);
    if (known !== undefined) known.count += 1;
    else if (found.size < MOST_SHAPES) found.set(shape, { text: line, count: 1 });
  }
  return [...found.values()]
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MOST_LINES)
    .map(({ text, count }) => ({ text: hide(text).slice(0, MOST_LETTERS), count }));
}

function speaksOfTrouble(line: string): boolean {
  const level = recordIn(line)?.['level'];
  if (typeof level === 'number') return level >= WARNING;
  if (typeof level === 'string') return GRAVE_LEVEL.test(level);
  return TROUBLE.test(line);
}

/** What a structured line says, without when and by whom. */
function textOfLine(line: string): string {
  const record = recordIn(line);
  const message = record?.['msg'] ?? record?.['message'] ?? record?.['err'];
  return message === undefined ? line : JSON.stringify([record?.['level'], message]);
}

function recordIn(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
