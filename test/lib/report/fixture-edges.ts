import type { PhaseTimeline, Report } from '../../../lib/report/report.ts';
import type { PhaseFindings } from '../../../lib/analysis/phase.ts';
import type { TimesUs } from '../../../lib/measure/times.ts';
import { brokenRun, COURSES, reportOf } from './fixture.ts';

const NO_TIMES: TimesUs = {
  count: 0,
  min: null,
  mean: null,
  deviation: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  p999: null,
  max: null,
};

const withPhases = (report: Report, change: (phase: PhaseFindings) => PhaseFindings): Report => ({
  ...report,
  summary: { ...report.summary, phases: report.summary.phases.map(change) },
});

/** The target never answered: no phase ran. */
export const emptyRun = (): Report => ({ ...reportOf([]), signals: [], statements: [] });

export const onePhase = (): Report => reportOf(COURSES.slice(1, 2));

export function partialRun(): Report {
  const report = reportOf(COURSES.slice(0, 2));
  const summary = { ...report.summary, partial: true as const, recovery: { seconds: null, verdict: 'fail' as const } };
  return { ...report, summary, doubts: ['The run was stopped before its end; later phases are missing.'] };
}

export const GENERATOR_BUSY = 'The generator used 98 % of its CPU, more than 85 %.';

export function voidRun(): Report {
  const report = withPhases(reportOf(COURSES), (phase) => ({
    ...phase,
    verdict: 'void',
    validity: { verdict: 'void', reasons: [GENERATOR_BUSY] },
    objectives: phase.objectives.map(({ objective, value }) => ({ objective, value, verdict: 'void' })),
  }));
  const summary = { ...report.summary, verdict: 'void' as const };
  return { ...report, summary, headline: 'Void: the generator could not keep up.', doubts: [GENERATOR_BUSY] };
}

/** Phases in which nothing was measured, after a journey through JSON: NaN has become null, undefined is gone. */
export function nullRun(): Report {
  const report = withPhases(reportOf(COURSES), (phase) => ({
    ...phase,
    errorRatio: null,
    throughputPerSecond: 0,
    responseTimeUs: NO_TIMES,
    serviceTimeUs: NO_TIMES,
    startDelayUs: NO_TIMES,
    objectives: phase.objectives.map(({ objective }) => ({ objective, value: null, verdict: 'unknown' })),
    scenarios: [],
  }));
  const timeline = report.timeline.map(withoutFigures);
  return JSON.parse(JSON.stringify({ ...report, timeline })) as Report;
}

const withoutFigures = (phase: PhaseTimeline): PhaseTimeline => ({
  ...phase,
  points: phase.points.map((point) => Object.assign(point, NOTHING)),
});

const NOTHING = {
  responseTimeUs: undefined,
  serviceTimeUs: undefined,
  startDelayP99Us: Number.NaN,
  generatorCpuRatio: Number.NaN,
};

/** As long as a report gets: 8 phases of 600 points. */
export const longRun = (): Report =>
  reportOf(
    Array.from({ length: 8 }, (_, at) => ({
      name: `level ${at + 1}`,
      kind: 'sustained',
      seconds: 600,
      from: 100 * at + 50,
      to: 100 * at + 100,
      objectives: [],
    })),
  );

/** Ends elements, scripts, comments, cells and lines, begins entities and formulas, and rings the bell. */
export const HOSTILE =
  '</script><img src=x onerror=alert(1)>--><![CDATA[ "a\'b" | `c` \u0007\u001B[31m ]]> & <b>,\n@all\u2028';

const hostilePhase = (phase: PhaseFindings): PhaseFindings => ({
  ...phase,
  name: `${phase.name}${HOSTILE}`,
  load: HOSTILE,
  validity: { verdict: 'void', reasons: [HOSTILE] },
  ledger: { ...phase.ledger, failures: { [HOSTILE]: phase.ledger.failed } },
  objectives: [{ objective: HOSTILE, value: 1, verdict: 'fail' }],
  scenarios: phase.scenarios.map(({ steps }) => ({
    name: HOSTILE,
    steps: steps.map(({ ledger, responseTimeUs, serviceTimeUs }) => ({
      name: HOSTILE,
      ledger,
      responseTimeUs,
      serviceTimeUs,
    })),
  })),
});

/** Every text that comes from users or from the system under test is hostile. */
export function hostileRun(): Report {
  const report = withPhases(brokenRun(), hostilePhase);
  const { summary } = report;
  return {
    ...report,
    headline: HOSTILE,
    configuration: [[HOSTILE, HOSTILE]],
    timeline: report.timeline.map((phase) => Object.assign(phase, { phase: `${phase.phase}${HOSTILE}` })),
    signals: report.signals.map((signal) => Object.assign(signal, { id: `${HOSTILE}.${signal.id}`, title: HOSTILE })),
    statements: report.statements.map(({ calls, meanUs, totalUs }) => ({ text: HOSTILE, calls, meanUs, totalUs })),
    doubts: [HOSTILE],
    recommendations: [{ text: HOSTILE, because: HOSTILE }],
    nextSteps: [HOSTILE],
    summary: {
      ...summary,
      run: { ...summary.run, id: HOSTILE, startedAt: HOSTILE },
      plan: { name: HOSTILE, sha256: HOSTILE },
      target: HOSTILE,
      bottleneck: { id: 'unknown', confidence: 'low', evidence: [HOSTILE], remedy: HOSTILE },
      breakingPoint: { users: 4, perSecond: 1, objective: HOSTILE, phase: `stress${HOSTILE}`, atSeconds: 3 },
    },
  };
}
