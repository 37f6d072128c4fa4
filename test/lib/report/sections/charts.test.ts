import { describe, expect, test } from '@jest/globals';
import { type Chart, frameOf } from '../../../../lib/report/sections/charts/chart.ts';
import { runCharts } from '../../../../lib/report/sections/charts/run.ts';
import { signalCharts } from '../../../../lib/report/sections/course.ts';
import type { PhaseTimeline, Report } from '../../../../lib/report/report.ts';
import { brokenRun, COURSES, reportOf } from '../fixture.ts';
import { emptyRun, onePhase } from '../fixture-edges.ts';

const chart = (report: Report, id: string): Chart | undefined => runCharts(report).find((each) => each.id === id);
const valuesOf = (report: Report, id: string): readonly (number | null)[] => chart(report, id)?.series[0]?.values ?? [];
const withTimeline = (report: Report, change: (phase: PhaseTimeline) => PhaseTimeline): Report =>
  Object.assign(report, { timeline: report.timeline.map(change) });

describe('charts of the run', () => {
  test('share one axis, without a gap where one phase follows another', () => {
    const charts = runCharts(brokenRun());
    expect(new Set(charts.map(({ xs }) => xs)).size).toBe(1);
    expect(charts[0]?.xs).toHaveLength(90);
    expect(valuesOf(brokenRun(), 'load')).not.toContain(null);
  });

  test('break their lines across a pause between phases', () => {
    const late = withTimeline(brokenRun(), (phase) => ({
      ...phase,
      startSeconds: phase.phase === 'recovery' ? phase.startSeconds + 5 : phase.startSeconds,
    }));
    expect(valuesOf(late, 'load').indexOf(null)).toBe(75); // after 15 + 30 + 30 points
    expect(chart(late, 'load')?.xs[75]).toBe(75);
  });

  test('late replies after the end of a phase show their times, but no throughput', () => {
    const short = withTimeline(onePhase(), (phase) => ({ ...phase, durationSeconds: 28 })); // of 30 points
    expect(valuesOf(short, 'load').slice(27)).toEqual([expect.any(Number), null, null]);
    expect(valuesOf(short, 'response-time').slice(27)).not.toContain(null);
  });

  test('an arrival of several requests is drawn as these, so that offered and carried can be compared', () => {
    const report = onePhase();
    const [phase] = report.summary.phases;
    Object.assign(phase?.arrivals ?? {}, { started: (phase?.ledger.sent ?? 0) / 3 });
    const [single, triple] = [chart(onePhase(), 'load')?.series[0], chart(report, 'load')?.series[0]];
    expect([single?.label, triple?.label]).toEqual(['offered, arrivals', 'offered, arrivals × 3 requests']);
    expect(triple?.values[0]).toBeCloseTo(3 * (single?.values[0] ?? 0), 9);
  });

  test('times are drawn on a logarithmic axis only where they lie far apart', () => {
    expect(chart(brokenRun(), 'response-time')?.log).toBe(true);
    expect(chart(onePhase(), 'response-time')?.log).toBe(false);
  });

  test('errors have a panel only where there are any, and at most five lines', () => {
    expect(chart(brokenRun(), 'errors')?.series.map(({ label }) => label)).toEqual([
      'timed out',
      'status.503',
      'reset',
    ]);
    expect(chart(emptyRun(), 'errors')).toBeUndefined();
    const report = onePhase();
    const [phase] = report.summary.phases;
    const failures = Object.fromEntries(
      [500, 501, 502, 503, 504, 505].map((status) => [`status.${status}`, 600 - status]),
    );
    Object.assign(phase?.ledger ?? {}, { failures });
    expect(chart(report, 'errors')?.series.map(({ label }) => label)).toEqual([
      'status.500',
      'status.501',
      'status.502',
      'status.503',
      'other kinds',
    ]);
  });
});

describe('the frame', () => {
  test('marks the breaking point on the axis of the run', () => {
    // stress begins at 15 + 30 = 45 s, and broke 16 s into it
    expect(frameOf(brokenRun())).toMatchObject({
      totalSeconds: 90,
      marks: [{ atSeconds: 61, label: 'breaking point' }],
    });
    expect(frameOf(reportOf(COURSES)).marks).toEqual([]);
  });
});

describe('charts of signals', () => {
  test('keep those of one resource together, and say in words which crossed its limit', () => {
    const [first, ...rest] = brokenRun().signals;
    const charts = signalCharts({ ...brokenRun(), signals: [...rest, ...(first === undefined ? [] : [first])] });
    expect(charts.map(({ resource }) => resource)).toEqual([
      'service',
      'service',
      'service',
      'database',
      'database',
      'database',
      'cache',
      'cache',
      'downstream',
    ]);
    const notes = Object.fromEntries(charts.map(({ title, note }) => [title, JSON.stringify(note)]));
    expect(notes['Connections in use']).toContain('max 100 %, beyond the limit of 90 %');
    expect(notes['Hit ratio']).toContain('min 67 %, beyond the limit of 80 %');
    expect(notes['CPU']).toContain('max 61 %, limit 80 %');
    expect(notes['Commits']).toContain('max 640/s');
  });
});
