import { hiderFor, isCalledSecret } from '../../../lib/document/hidden.ts';
import type { FailureCase } from '../../../lib/measure/cases.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import type { Outgoing, Reply } from '../../senders/sender.ts';
import { MOST_EXAMPLE_BYTES } from '../../senders/sender.ts';
import { ReadReply } from './read-reply.ts';
import type { User } from '../user.ts';

/** What an example of a failure holds of its reply. */
export type LookAtFailure = (
  reply: Reply,
  asked: Outgoing | undefined,
  user: User,
) => Pick<FailureCase, 'status' | 'text'>;

/** Enough to see what a reply is. */
const MOST_LETTERS = 1024;

/** Where the end of what was read may have cut a secret in two, that end is left out. */
const CUT_LETTERS = 256;

/** Shorter values stand in other places for something else. */
const SHORTEST_SECRET = 6;

/**
 * Reads replies that failed. Secrets are removed before anything is stored: what the plan takes from the environment, what stands in
 * fields that are called like secrets, and the values under such names that this user has or has sent.
 */
export function failureLook(plan: Plan, env: Readonly<Record<string, string | undefined>>): LookAtFailure {
  const hide = hiderFor({ ...plan, feeders: [], files: {} }, env);
  const ofPlan = Object.entries(plan.variables).flatMap(([name, value]) =>
    secretOf(name, JSON.parse(value) as unknown),
  );
  return (reply, asked, user) => {
    const text = textOf(reply);
    if (text === undefined) return { status: reply.status };
    const own = [
      ...Array.from(user.variables, ([name, value]) => secretOf(name, value)).flat(),
      ...Object.entries(asked?.headers ?? {}).flatMap(([name, value]) =>
        [value].flat().flatMap((each) => secretOf(name, each)),
      ),
    ];
    const hidden = hide(text, [...ofPlan, ...own]);
    const isCut = reply.body.length >= MOST_EXAMPLE_BYTES;
    const whole = isCut ? hidden.slice(0, Math.max(0, hidden.length - CUT_LETTERS)) : hidden;
    return { status: reply.status, text: printable(whole.slice(0, MOST_LETTERS)) };
  };
}

/** The value of a secret name, and what follows its scheme: `Bearer abc`. */
function secretOf(name: string, value: unknown): string[] {
  if (typeof value !== 'string' || !isCalledSecret(name)) return [];
  return [value, value.slice(value.indexOf(' ') + 1)].filter((each) => each.length >= SHORTEST_SECRET);
}

/** Undefined of an empty body, and of one that is no text. */
function textOf(reply: Reply): string | undefined {
  if (reply.body.length === 0) return undefined;
  const beginning = { ...reply, body: reply.body.subarray(0, MOST_EXAMPLE_BYTES) };
  const text = decoded(reply.headers['content-encoding'] === undefined ? beginning : reply).slice(
    0,
    MOST_EXAMPLE_BYTES,
  );
  return text.includes('\0') ? `(${reply.body.length} bytes that are no text)` : text;
}

function decoded(reply: Reply): string {
  try {
    return new ReadReply(reply).text;
  } catch {
    return reply.body.toString('utf8');
  }
}

/** No reply steers the terminal or the page that shows it. */
const printable = (text: string): string => text.replaceAll(/(?!\n)\p{Cc}/gu, ' ').toWellFormed();
