import { withoutNumbers } from '../units.ts';

/** A line of a log as it is read, and when it was logged where that is known. */
export interface LogEvent {
  readonly text: string;
  readonly atMs?: number;
}

/** A line of a service's log that speaks of trouble, and how many were like it. */
export interface LoggedLine {
  readonly text: string;
  readonly count: number;
  /** ISO 8601, of the first of them; left out where lines have no time of their own. */
  readonly at?: string;
}

/** Parts of a log, in ISO 8601, around the first failures. */
export interface LogExcerpt {
  readonly source: string;
  readonly windows: readonly { readonly from: string; readonly to: string }[];
}

/** So many that differ are shown, the most frequent first. */
const MOST_LINES = 20;
/** A stack's line may hold a whole reply. */
const MOST_LETTERS = 500;
/** Of a log in which each line differs no more are compared. */
const MOST_SHAPES = 5000;

/** Words by which plain lines say so: letters, blanks, and `?` for what may be missing before it. */
export const TROUBLE_WORDS = [
  'error',
  'fatal',
  'critical',
  'severe',
  'warn',
  'warning',
  'panic',
  'exception',
  'traceback',
  'unhandled',
  'uncaught',
  'out of memory',
  'oom',
  'killed',
  'deadlock',
  'timed? ?out',
  'refused',
  'too many connections',
] as const;
/** What the levels of structured ones begin with. */
export const GRAVE_LEVELS = ['warn', 'error', 'fatal', 'crit', 'sever', 'alert', 'emerg', 'panic'] as const;

const TROUBLE = new RegExp(`\\b(?:${TROUBLE_WORDS.join('|')})\\b`, 'i');
const GRAVE_LEVEL = new RegExp(`^(?:${GRAVE_LEVELS.join('|')})`, 'i');
/** pino and bunyan: 40 is a warning. */
const WARNING = 40;

/** Of the lines those that speak of trouble, one for all that differ by their numbers alone. `hide` takes secrets out. */
export async function troubleIn(
  lines: AsyncIterable<LogEvent>,
  hide: (text: string) => string,
): Promise<readonly LoggedLine[]> {
  const found = new Map<string, LogEvent & { count: number }>();
  for await (const line of lines) {
    if (!speaksOfTrouble(line.text)) continue;
    const shape = withoutNumbers(textOfLine(line.text).slice(0, MOST_LETTERS));
    const known = found.get(shape);
    if (known !== undefined) known.count += 1;
    else if (found.size < MOST_SHAPES) found.set(shape, { ...line, count: 1 });
  }
  return [...found.values()]
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MOST_LINES)
    .map(({ text, count, atMs }) => ({
      text: hide(text).slice(0, MOST_LETTERS),
      count,
      ...(atMs !== undefined && { at: new Date(atMs).toISOString() }),
    }));
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
