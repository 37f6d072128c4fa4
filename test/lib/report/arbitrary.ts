import * as fc from 'fast-check';
import type { Verdict } from '../../../lib/analysis/verdict.ts';
import { phaseKinds } from '../../../lib/plan/phase.ts';
import type { Report } from '../../../lib/report/report.ts';
import { reportOf } from './fixture.ts';
import type { Course } from './fixture-course.ts';

const verdict = fc.constantFrom<Verdict>('pass', 'warn', 'fail', 'unknown', 'void');
const word = fc.constantFrom(
  'smoke',
  'Überlast',
  'level 2',
  'a|b',
  '負荷',
  'x<y',
  '"quoted"',
  "it's",
  '🚢',
  'p99 & more',
);
const perhaps = (value: fc.Arbitrary<number>): fc.Arbitrary<number | null> => fc.option(value, { nil: null });

const judged = fc.record({
  objective: fc.constantFrom(
    'p99 < 500ms',
    'errors < 0.5%, fail > 1%',
    'throughput > 100/s',
    'service.cpu p99 < 80%',
    'nonsense',
  ),
  value: perhaps(fc.double({ min: 0, max: 1e7, noNaN: true })),
  verdict,
});

const course = fc.record({
  name: word,
  kind: fc.constantFrom(...phaseKinds),
  seconds: fc.integer({ min: 1, max: 20 }),
  from: fc.integer({ min: 1, max: 1500 }),
  to: fc.integer({ min: 1, max: 1500 }),
  objectives: fc.array(judged, { maxLength: 3 }),
});

/** Any run of up to 14 phases, with or without the things that a run may lack. */
export const anyReport: fc.Arbitrary<Report> = fc
  .record({
    courses: fc.array(course, { maxLength: 14 }),
    headline: word,
    verdict,
    texts: fc.array(word, { maxLength: 3 }),
    seconds: perhaps(fc.integer({ min: 0, max: 900 })),
    broken: fc.boolean(),
    partial: fc.boolean(),
  })
  .map((parts) => assemble(parts));

interface Parts {
  readonly courses: readonly Course[];
  readonly headline: string;
  readonly verdict: Verdict;
  readonly texts: readonly string[];
  readonly seconds: number | null;
  readonly broken: boolean;
  readonly partial: boolean;
}

function assemble({ courses, texts, seconds, broken, partial, ...told }: Parts): Report {
  const report = reportOf(courses);
  const point = { users: 12, perSecond: 34.5, objective: 'p99 < 500ms', phase: courses[0]?.name ?? '', atSeconds: 1 };
  return {
    ...report,
    headline: told.headline,
    doubts: texts,
    nextSteps: texts,
    recommendations: texts.map((text) => ({ text, because: text })),
    summary: {
      ...report.summary,
      verdict: told.verdict,
      recovery: { seconds, verdict: seconds === null ? 'fail' : 'pass' },
      ...(broken && { breakingPoint: point }),
      ...(partial && { partial: true as const }),
    },
  };
}
