import type { PhaseTimeline, Report } from '../../../lib/report/report.ts';
import type { JudgedObjective, PhaseFindings } from '../../../lib/analysis/phase.ts';
import { CAPACITY, pointsOf, summaryOf, type Course } from './fixture-course.ts';
import { signalsOver, statements } from './fixture-signals.ts';

const objectives = (p99: number, errors: number, throughput: number): readonly JudgedObjective[] => [
  { objective: 'p99 < 500ms, fail > 600ms', value: p99, verdict: p99 > 600_000 ? 'fail' : 'pass' },
  { objective: 'errors < 0.5%, fail > 1%', value: errors, verdict: errors > 0.01 ? 'fail' : 'pass' },
  { objective: 'throughput > 100/s', value: throughput, verdict: 'pass' },
  { objective: 'service.cpu p99 < 80%', value: 0.42, verdict: 'pass' },
];

/** Warm-up, sustained load, stress beyond the capacity, and recovery: 90 s in all. */
export const COURSES: readonly Course[] = [
  { name: 'warm-up', kind: 'warm-up', seconds: 15, from: 20, to: 200, objectives: [] },
  {
    name: 'sustained',
    kind: 'sustained',
    seconds: 30,
    from: 200,
    to: 200,
    objectives: objectives(20_500, 0.0003, 200.4),
  },
  {
    name: 'stress',
    kind: 'stress',
    seconds: 30,
    from: 200,
    to: 1100,
    objectives: objectives(4_350_000, 0.141, 521),
  },
  { name: 'recovery', kind: 'recovery', seconds: 15, from: 200, to: 200, objectives: [] },
];

const START = Date.UTC(2026, 10, 21, 10, 15, 30);

/** A whole report over `courses`, each starting where the one before it ended. */
export function reportOf(courses: readonly Course[]): Report {
  const timeline: PhaseTimeline[] = [];
  const phases: PhaseFindings[] = [];
  let [startSeconds, sick] = [0, 0];
  for (const course of courses) {
    const run = pointsOf(course, sick);
    sick = run.queue / CAPACITY;
    timeline.push({ phase: course.name, startSeconds, durationSeconds: course.seconds, points: run.points });
    phases.push(summaryOf(course, run, new Date(START + startSeconds * 1000).toISOString()));
    startSeconds += course.seconds;
  }
  return {
    ...frame(startSeconds),
    timeline,
    signals: signalsOver(timeline),
    statements,
    summary: { ...EMPTY_SUMMARY, phases },
  };
}

const EMPTY_SUMMARY: Report['summary'] = {
  format: 'plimsoll.summary.v1',
  run: {
    id: '20261121-101530-marketplace',
    startedAt: new Date(START).toISOString(),
    endedAt: new Date(START + 90_000).toISOString(),
    version: '0.1.0',
  },
  plan: { name: 'marketplace', sha256: '3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855a' },
  target: 'http://127.0.0.1:8080',
  verdict: 'unknown',
  phases: [],
};

const frame = (seconds: number): Omit<Report, 'timeline' | 'signals' | 'statements' | 'summary'> => ({
  format: 'plimsoll.report.v1',
  headline: 'Nothing was judged, so nothing is known of the target.',
  configuration: [
    ['Environment', 'laptop'],
    ['Duration', `${seconds} s`],
    ['Seed', '42'],
    ['Machine', '2 cores, 7.8 GiB memory, Linux x64, Node 24.21.0'],
  ],
  doubts: [],
  recommendations: [],
  nextSteps: [],
});

/** The run that the golden files tell: it breaks under stress, and comes back. */
export function brokenRun(): Report {
  const report = reportOf(COURSES);
  return {
    ...report,
    headline:
      'Carries 200 arrivals/s with every objective met; breaks at about 660 arrivals/s, when the database connections run out.',
    summary: {
      ...report.summary,
      verdict: 'fail',
      breakingPoint: {
        users: 412,
        perSecond: 660,
        objective: 'p99 < 500ms, fail > 600ms',
        phase: 'stress',
        atSeconds: 16,
      },
      recovery: { seconds: 6, withinObjectivesSeconds: 4, verdict: 'pass' },
      bottleneck: {
        id: 'database.connections',
        confidence: 'high',
        evidence: [
          'Waiting for a database connection rose above 10 ms at 60 s, 1 s before p99 crossed 500 ms.',
          'All 20 connections were in use from 59 s to 80 s.',
          'Service CPU stayed at 61 %, database CPU at 48 %: neither explains it.',
        ],
        remedy:
          'Raise the pool from 20 to 40 connections, or shorten the transaction in POST /api/bids, which holds one for 14 ms.',
      },
    },
    doubts: [
      'Generator and target share one machine; beyond its cores both slow each other down.',
      'The stress phase ramps, so the breaking point is known to about ± 30 arrivals/s.',
    ],
    recommendations: [
      {
        text: 'Raise the connection pool to 40.',
        because: 'all 20 connections were in use while the database’s CPU stood at 48 %.',
      },
      {
        text: 'Index bids (job_id, created_at).',
        because: 'its SELECT takes 61 % of all statement time, 11.2 ms a call.',
      },
    ],
    nextSteps: [
      'Apply the pool size and run the same plan again; compare with this run.',
      'Search the capacity between 200 and 660 arrivals/s.',
    ],
  };
}
