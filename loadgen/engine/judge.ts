import { isSameValue, parseExactJson } from '../../lib/document/exact-json.ts';
import { codeOf } from '../../lib/errors.ts';
import type { FailureKind } from '../../lib/measure/failures.ts';
import type { Capture, Expectation, HttpStep } from '../../lib/plan/steps/http.ts';
import type { Reply } from '../senders/sender.ts';
import type { Address } from './address.ts';
import { bodyText, type BodyText } from './body-text.ts';
import { compileJsonPath } from './json-path.ts';
import type { User, Value } from './user.ts';

/** A reply with its body decoded and parsed at most once, and only when a check asks for it. */
class ReadReply {
  readonly reply: Reply;
  #body: BodyText | undefined;
  #json: { value: unknown } | undefined;

  constructor(reply: Reply) {
    this.reply = reply;
  }

  header(name: string): string | undefined {
    const value = this.reply.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** Throws where the body is not encoded as its content-encoding says. */
  get text(): string {
    this.#body ??= bodyText(this.reply.body, this.header('content-encoding'), this.header('content-type'));
    return this.#body.text;
  }

  /** What a check or capture of the body fails as: where it could only be guessed how to read it, that is the failure. */
  failure(kind: FailureKind): FailureKind {
    return this.#body?.doubtful === true ? 'encoding' : kind;
  }

  /** undefined where the body is no JSON. */
  get json(): unknown {
    return (this.#json ??= { value: parseJson(this.text) }).value;
  }
}

type Check = (reply: ReadReply, responseTimeUs: number, user: User, asked?: Address) => FailureKind | undefined;

/**
 * What the reply to a step's request must be, as a function; captures go to the user's variables. undefined: the reply passes. `asked`
 * is where the request went.
 */
export type Judge = (reply: Reply, responseTimeUs: number, user: User, asked?: Address) => FailureKind | undefined;

const NO_REFERENCES: ReadonlySet<string> = new Set();

/** `references`: captures that an address of the plan begins with, see `compileAddress`. */
export function compileJudge({ expect, captures }: HttpStep, references = NO_REFERENCES): Judge {
  const checks: Check[] = [
    statusCheck(expect.statuses),
    ...Object.entries(expect.headers).map(([name, part]) => headerCheck(name.toLowerCase(), String(part))),
    ...bodyChecks(expect),
    ...(expect.timeUs === undefined ? [] : [timeCheck(expect.timeUs)]),
    ...captures.map((capture) => captureCheck(capture, references.has(capture.as))),
  ];
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

/** What the checks and captures of a step read of its reply. */
export const needsOf = ({ expect, captures }: HttpStep): { body: boolean; headers: boolean } => ({
  body: captures.some((capture) => capture.from !== 'header') || bodyChecks(expect).length > 0,
  headers: captures.some((capture) => capture.from === 'header') || Object.keys(expect.headers).length > 0,
});

function statusCheck(statuses: readonly number[]): Check {
  const accepted = new Set(statuses);
  return ({ reply: { status } }) =>
    (accepted.size === 0 ? status < 400 : accepted.has(status)) ? undefined : `status.${status}`;
}

const headerCheck =
  (name: string, part: string): Check =>
  (reply) =>
    reply.header(name)?.includes(part) === true ? undefined : 'expect.header';

const timeCheck =
  (limitUs: number): Check =>
  (_, responseTimeUs) =>
    responseTimeUs <= limitUs ? undefined : 'expect.time';

function bodyChecks({ contains, regex, json }: Expectation): Check[] {
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
  return checks.map((holds) => (reply) => (holds(reply) ? undefined : reply.failure('expect.body')));
}

function captureCheck(capture: Capture, isReference: boolean): Check {
  const find = finder(capture);
  return (reply, _, user, asked) => {
    const value = find(reply);
    if (value === undefined) return capture.from === 'header' ? 'capture' : reply.failure('capture');
    user.variables.set(capture.as, value);
    if (isReference && asked !== undefined) (user.pages ??= new Map()).set(capture.as, asked.origin + asked.path);
    return undefined;
  };
}

function finder(capture: Capture): (reply: ReadReply) => Value | undefined {
  switch (capture.from) {
    case 'header':
      return (reply) => reply.header(capture.header);
    case 'regex': {
      const pattern = new RegExp(capture.regex, 'u');
      return (reply) => pattern.exec(reply.text)?.[capture.group];
    }
    case 'json': {
      const find = compileJsonPath(capture.path);
      return (reply) => find(reply.json) as Value | undefined;
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
