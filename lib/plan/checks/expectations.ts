import { asList, asRecord, entriesOf, type Draft, type Placed } from '../draft.ts';
import { requestOf, stepsOfPlan } from '../draft-steps.ts';
import { STATUS } from '../capture.ts';
import { quote, type Problem } from '../../document/problems.ts';

/** Expectations that no reply meets, whatever the service does. */
export const checkExpectations = (draft: Draft): Problem[] =>
  stepsOfPlan(draft).flatMap((step) => [...followedStatus(step, draft['redirects']), ...absentBody(step)]);

/** `3xx` too: 300 and 304 alone would be written as such. */
const FOLLOWED: ReadonlySet<unknown> = new Set([301, 302, 303, 307, 308, '3xx']);

function followedStatus({ path, value }: Placed<Draft>, ofPlan: unknown): Problem[] {
  const wanted = asRecord(value['expect'])['status'];
  const statuses = Array.isArray(wanted) ? asList(wanted) : [wanted];
  if ((value['redirects'] ?? ofPlan) !== 'follow' || statuses.length === 0) return [];
  if (!statuses.every((status) => FOLLOWED.has(plain(status)))) return [];
  const text = `${statuses.map(quote).join(', ')} would be followed, so no reply has it; write redirects: stay for this step, or the status behind the redirect`;
  return [{ path: [...path, 'expect', 'status'], text }];
}

/** A number keeps how it was written in an object of its own. */
const plain = (status: unknown): unknown => (typeof status === 'string' ? status : Number(status));

/** A reply to HEAD has none (RFC 9110 §9.3.2). */
function absentBody(step: Placed<Draft>): Problem[] {
  if (requestOf(step.value)?.method !== 'head') return [];
  const text = 'looks at the body of a reply to head, which has none; write get';
  const body = asRecord(step.value['expect'])['body'];
  // A pattern may be one of nothing.
  const expected = body === undefined || 'regex' in asRecord(body) ? [] : [['expect', 'body']];
  const captured = entriesOf(step, 'capture').filter(({ value }) => readsBody(value));
  return [
    ...expected.map((place) => ({ path: [...step.path, ...place], onKey: true as const, text })),
    ...captured.map(({ path }) => ({ path, text })),
  ];
}

/** One that has a default, or is optional, may lack what it looks for. */
const readsBody = (capture: unknown): boolean =>
  typeof capture === 'string'
    ? capture !== STATUS
    : !['header', 'cookie', 'default', 'optional'].some((key) => key in asRecord(capture));
