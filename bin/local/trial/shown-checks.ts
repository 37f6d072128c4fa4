import { HIDDEN, isCalledSecret } from '../../../lib/document/hidden.ts';
import type { Capture } from '../../../lib/plan/capture.ts';
import type { Expectation } from '../../../lib/plan/expectation.ts';
import type { HttpStep } from '../../../lib/plan/steps/http.ts';
import { formatUs } from '../../../lib/units.ts';
import { compileCaptures, compileJudge } from '../../../loadgen/engine/judge.ts';
import type { JudgedReply } from '../../../loadgen/engine/program.ts';
import { compileJsonPath } from '../../../loadgen/engine/reply/json-path.ts';
import { ReadReply } from '../../../loadgen/engine/reply/read-reply.ts';
import { User } from '../../../loadgen/engine/user.ts';

/** One thing that a step expects, alone. */
interface Check {
  readonly says: string;
  readonly expect: Partial<Expectation>;
  /** What stands there instead. */
  readonly found?: (reply: ReadReply) => unknown;
}

/** What a step's checks came to, and then its captures, a line each. */
export const shownChecks = (step: HttpStep, judged: JudgedReply, hide: (text: string) => string): string[] => [
  ...checksOf(step.expect).map((check) => checkLine(step, check, judged, hide)),
  ...step.captures.map((capture) => captureLine(step, capture, judged, hide)),
];

function checksOf({ statuses, headers, contains, regex, json, exists = {}, timeUs }: Expectation): Check[] {
  return [
    { says: 'its status', expect: { statuses }, found: ({ reply }) => reply.status },
    ...Object.entries(headers).map(([name, part]): Check => ({
      says: `header ${name} with ${String(part)}`,
      expect: { headers: { [name]: part } },
      found: (reply) => (isCalledSecret(name) ? HIDDEN : reply.header(name.toLowerCase())),
    })),
    ...(contains === undefined ? [] : [{ says: `a body with ${contains}`, expect: { contains } }]),
    ...(regex === undefined ? [] : [{ says: `a body like ${regex}`, expect: { regex } }]),
    ...Object.entries(json).map(([path, value]): Check => ({
      says: `${path} of ${isCalledSecret(path) ? HIDDEN : value}`,
      expect: { json: { [path]: value } },
      found: (reply) => (isCalledSecret(path) ? HIDDEN : compileJsonPath(path)(reply.json)),
    })),
    ...Object.entries(exists).map(([path, is]): Check => ({
      says: `${is ? 'a' : 'no'} value at ${path}`,
      expect: { exists: { [path]: is } },
    })),
    ...(timeUs === undefined ? [] : [{ says: `within ${formatUs(timeUs)}`, expect: { timeUs } }]),
  ];
}

function checkLine(
  step: HttpStep,
  { says, expect, found }: Check,
  judged: JudgedReply,
  hide: (text: string) => string,
): string {
  const { reply, tookUs, user } = judged;
  const alone = { statuses: [reply.status], headers: {}, json: {}, ...expect };
  const failure = compileJudge({ ...step, expect: alone, captures: [] })(reply, tookUs, user);
  if (failure === undefined) return `= as expected: ${hide(says)}`;
  const instead = found === undefined ? '' : `; there is ${shown(readable(found, reply), hide)}`;
  return `! not as expected: ${hide(says)}${instead}`;
}

/** What can't be read is no value. */
function readable(found: NonNullable<Check['found']>, reply: JudgedReply['reply']): unknown {
  try {
    return found(new ReadReply(reply));
  } catch {
    return undefined;
  }
}

function captureLine(step: HttpStep, capture: Capture, judged: JudgedReply, hide: (text: string) => string): string {
  const { reply, tookUs, user, failure } = judged;
  // Of a reply that failed, what it holds is for no later step.
  const own = failure === undefined ? user : new User(user.number, user.poolKey, user.random);
  if (failure !== undefined) {
    const lacks = compileCaptures({ ...step, captures: [capture] })(reply, tookUs, own);
    if (lacks !== undefined)
      return `! not captured: ${capture.as}, ${lacks === 'capture' ? 'which the reply lacks' : lacks}`;
  }
  const value = own.variables.get(capture.as);
  return `= captured: ${capture.as} = ${isSecret(capture) ? HIDDEN : shown(value, hide)}`;
}

/** By its own name, or by what it is called in the reply. */
export const isSecret = ({ as, ...source }: Capture): boolean =>
  isCalledSecret(as) || isCalledSecret(JSON.stringify(source));

const MOST_LETTERS = 200;

function shown(value: unknown, hide: (text: string) => string): string {
  if (value === undefined) return 'nothing';
  const text = hide(JSON.stringify(value));
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)} …` : text;
}
