import { isSameValue, parseExactJson } from '../../lib/document/exact-json.ts';
import { codeOf } from '../../lib/errors.ts';
import type { FailureKind } from '../../lib/measure/failures.ts';
import type { Expectation } from '../../lib/plan/expectation.ts';
import type { HttpStep } from '../../lib/plan/steps/http.ts';
import type { Reply } from '../senders/sender.ts';
import type { Address } from './address.ts';
import { compileCapture, isOfHead } from './reply/capture.ts';
import { compileJsonPath } from './reply/json-path.ts';
import { ReadReply, type ReplyCheck } from './reply/read-reply.ts';
import type { User } from './user.ts';

/**
 * What the reply to a step's request must be, as a function; captures go to the user's variables. undefined: the reply passes. `asked`
 * is where the request went.
 */
export type Judge = (reply: Reply, responseTimeUs: number, user: User, asked?: Address) => FailureKind | undefined;

const NO_REFERENCES: ReadonlySet<string> = new Set();

/** `references`: captures that an address of the plan begins with, see `compileAddress`. */
export function compileJudge({ expect, captures }: HttpStep, references = NO_REFERENCES): Judge {
  const checks: ReplyCheck[] = [
    statusCheck(expect.statuses),
    ...Object.entries(expect.headers).map(([name, part]) => headerCheck(name.toLowerCase(), String(part))),
    ...bodyChecks(expect),
    ...(expect.timeUs === undefined ? [] : [timeCheck(expect.timeUs)]),
    ...captures.map((capture) => compileCapture(capture, references.has(capture.as))),
  ];
  return judgeBy(checks);
}

function judgeBy(checks: readonly ReplyCheck[]): Judge {
  return (reply, responseTimeUs, user, asked) => {
    const read = new ReadReply(reply);
    try {
      for (const check of checks) {
        const failure = check(read, responseTimeUs, user, asked);
        if (failure !== undefined) return failure;
      }
      return undefined;
    } catch (error) {
      return codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'encoding';
    }
  };
}

/** The captures alone, as a function: what fails of them, if anything. */
export const compileCaptures = ({ captures }: HttpStep, references = NO_REFERENCES): Judge =>
  judgeBy(captures.map((capture) => compileCapture(capture, references.has(capture.as))));

/** What the checks and captures of a step read of its reply. */
export const needsOf = ({ expect, captures }: HttpStep): { body: boolean; headers: boolean } => ({
  body: captures.some((capture) => !isOfHead(capture)) || bodyChecks(expect).length > 0,
  headers: captures.some(isOfHead) || Object.keys(expect.headers).length > 0,
});

function statusCheck(statuses: readonly number[]): ReplyCheck {
  const accepted = new Set(statuses);
  return ({ reply: { status } }) =>
    (accepted.size === 0 ? status < 400 : accepted.has(status)) ? undefined : `status.${status}`;
}

const headerCheck =
  (name: string, part: string): ReplyCheck =>
  (reply) =>
    reply.header(name)?.includes(part) === true ? undefined : 'expect.header';

const timeCheck =
  (limitUs: number): ReplyCheck =>
  (_, responseTimeUs) =>
    responseTimeUs <= limitUs ? undefined : 'expect.time';

function bodyChecks({ contains, regex, json, exists = {} }: Expectation): ReplyCheck[] {
  const checks: ((reply: ReadReply) => boolean)[] = [];
  if (contains !== undefined) checks.push((reply) => reply.text.includes(contains));
  if (regex !== undefined) {
    const pattern = new RegExp(regex, 'u');
    checks.push((reply) => pattern.test(reply.text));
  }
  for (const [path, text] of Object.entries(json)) {
    const find = compileJsonPath(path);
    const wanted = parseExactJson(text);
    checks.push((reply) => isSameValue(find(reply.json), wanted));
  }
  for (const [path, wanted] of Object.entries(exists)) {
    const find = compileJsonPath(path);
    checks.push((reply) => (find(reply.json) !== undefined) === wanted);
  }
  return checks.map((holds) => (reply) => (holds(reply) ? undefined : reply.failure('expect.body')));
}
