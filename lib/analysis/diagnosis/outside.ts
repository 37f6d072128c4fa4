import type { Observation } from './evidence.ts';
import { met, partAt, seen, unread, type Facts } from './facts.ts';
import type { Hypothesis } from './hypothesis.ts';

const IDLE_CPU = 0.6;
const IDLE_DATABASE = 0.3;

/**
 * What users met speaks for a hypothesis only where none of the signals was read that would decide it. What was read decides it
 * still by elimination: where neither the service's CPU nor the database has much to do, something else takes the time.
 */
export function fromOutside(facts: Facts, { name, decidedBy, idles }: Hypothesis): readonly Observation[] {
  const points = facts.pattern?.points[name] ?? 0;
  if (facts.pattern === undefined || points === 0 || decidedBy.length === 0 || !unread(facts, ...decidedBy)) return [];
  const { text, ofTimes } = facts.pattern;
  const seenOutside = met(points, text).map((each) => (ofTimes === true ? { ...each, ofTimes } : each));
  return [...seenOutside, ...(idles === true ? idle(facts) : [])];
}

const idle = (facts: Facts): readonly Observation[] =>
  [
    ...seen(
      facts,
      'service.cpu',
      ({ worst }) => (worst < IDLE_CPU ? 0.25 : -0.5),
      'CPU of the service, which could explain it',
    ),
    ...seen(
      facts,
      'database.active',
      () => (Math.max(partAt(facts, 'statements'), partAt(facts, 'locks')) < IDLE_DATABASE ? 0.25 : -0.3),
      'Statements under way, which could explain it',
    ),
  ].map((each) => ({ ...each, eliminates: true }));
