import { PlimsollError } from '../../lib/errors.ts';
import { parseObjective } from '../../lib/plan/objective.ts';
import { formatSpan, parseDurationUs } from '../../lib/units.ts';
import { withoutTemplates, refuseAddress, spanOf, usersOf } from './address-plan.ts';

/** What a first plan is made of, each as text that its question took. */
export interface FirstAnswers {
  readonly url: string;
  readonly users: string;
  readonly duration: string;
  readonly limit: string;
}

export interface Question {
  readonly asks: string;
  /** What an empty answer stands for. */
  readonly otherwise: string;
  /** @throws PlimsollError E-USAGE where the text is no such answer; `name` is what its sentence begins with */
  readonly check: (name: string, text: string) => void;
}

/** The questions of `plimsoll init`, in their order. */
export const firstQuestions: Readonly<Record<keyof FirstAnswers, Question>> = {
  url: { asks: 'Which address is loaded?', otherwise: 'http://127.0.0.1:8080/', check: checkAddress },
  users: { asks: 'By how many users at a time?', otherwise: '5', check: usersOf },
  duration: { asks: 'For how long?', otherwise: '30s', check: spanOf },
  limit: { asks: 'Within what time come 95 of 100 replies?', otherwise: '500ms', check: checkLimit },
};

/** The answers that no question was needed for. */
export const otherAnswers = (url: string): FirstAnswers => ({
  url,
  users: firstQuestions.users.otherwise,
  duration: firstQuestions.duration.otherwise,
  limit: firstQuestions.limit.otherwise,
});

function checkAddress(name: string, text: string): void {
  refuseAddress(name, text);
  if (text.includes('#')) throw new PlimsollError('E-USAGE', `${name} takes no #, which is not sent: ${text}.`);
}

function checkLimit(name: string, text: string): void {
  if (parseObjective(objectiveOf(text)) === undefined)
    throw new PlimsollError('E-USAGE', `${name} takes a time such as 500ms, not ${text}.`);
}

const objectiveOf = (limit: string): string => `p95 < ${limit}`;

/** A tenth of the time, for caches and compiled code. */
const warmUpOf = (duration: string): string => formatWhole((parseDurationUs(duration) ?? 0) / 10);

/** @returns a duration as plans write it, of a second at least */
const formatWhole = (us: number): string => `${Math.max(1, Math.round(us / 1e6))}s`;

/** The text of a first plan; `schema` is the path of the schema, seen from the plan. */
export function firstPlan({ url, users, duration, limit }: FirstAnswers, schema: string | undefined): string {
  const { origin, host, pathname, search } = new URL(url);
  const load = `closed: { users: ${users} }`;
  return `${schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`}# ${users} users get ${host} for ${formatSpan(parseDurationUs(duration) ?? 0)}, each after reading for a second.
name: ${JSON.stringify(host)}
target: ${JSON.stringify(origin)}

# What must hold. A phase may have objectives of its own instead.
objectives:
  - ${objectiveOf(limit)}
  - errors < 1%

# What a user does, again and again.
scenarios:
  - name: first
    steps:
      - { get: ${JSON.stringify(withoutTemplates(pathname + search))} }
      - { pause: { mean: 1s } }

phases:
  # Measured and shown, and no part of the verdict.
  - { name: warm-up, kind: warm-up, duration: ${warmUpOf(duration)}, ${load} }
  # Users wait for each reply. For arrivals that wait for none: open: { rate: 20 } a second.
  - { name: sustained, kind: sustained, duration: ${duration}, ${load} }
`;
}
