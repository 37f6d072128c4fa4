import { describe, expect, test } from '@jest/globals';
import type { Summary } from '../../../lib/report/summary.ts';
import { narrate } from '../../../lib/report/narrative.ts';
import { phaseSummary, summaryOf } from './summaries.ts';

const P99 = 'p99 < 500ms, fail > 600ms';
const breakingPoint = { users: 412, perSecond: 660.4, objective: P99, phase: 'stress', atSeconds: 16 };
const bottleneck = {
  id: 'service.cpu',
  confidence: 'high',
  evidence: ['CPU was high', 'so was the queue'],
  remedy: 'Add cores.',
} as const;
const good = phaseSummary('pass', { perSecond: 641.2 });
const stress = phaseSummary('warn', { kind: 'stress', perSecond: 900, objectives: { [P99]: 'warn' } });

describe('doubts', () => {
  test('name every reason, every objective without figures, and a stop', () => {
    const late = phaseSummary('void', { name: 'peak', reasons: ['late', 'busy'] });
    const blind = phaseSummary('unknown', {
      name: 'calm',
      objectives: { 'errors < 1%': 'pass', 'service.cpu p99 < 80%': 'unknown' },
    });
    expect(narrate(summaryOf('void', [late, blind], { partial: true })).doubts).toEqual([
      'The run was stopped before its end; later phases are missing.',
      'peak: late.',
      'peak: busy.',
      'calm: "service.cpu p99 < 80%" was not measured.',
    ]);
  });

  test.each([
    ['p99.9 < 1s', 1000, false], // rank ⌈999⌉ of 1,000
    ['p99.9 < 1s', 999, true], // rank ⌈998.001⌉ = 999
    ['p99 < 1s', 100, false],
    ['p99 < 1s', 99, true],
    ['p50 < 1s', 2, false],
    ['service p95 < 1s', 19, true],
    ['max < 1s', 5, false], // is the slowest by its name
    ['mean < 1s', 5, false],
    ['errors < 1%', 5, false],
    ['p99 < 1s', 0, false], // was not measured at all
  ])('say of %s that %d requests make it the slowest of them: %s', (objective, count, isDoubted) => {
    const own = phaseSummary('pass', { objectives: { [objective]: 'pass' } });
    const timed = {
      ...own,
      responseTimeUs: { ...own.responseTimeUs, count },
      serviceTimeUs: { ...own.serviceTimeUs, count },
    };
    const doubts = [`sustained: "${objective}" rests on ${count} requests, so it is the slowest of them.`];
    expect(narrate(summaryOf('pass', [timed])).doubts).toEqual(isDoubted ? doubts : []);
  });

  test('are none where nothing speaks against the run', () => {
    expect(narrate(summaryOf('pass', [good])).doubts).toEqual([]);
  });
});

describe('recommendations', () => {
  const failing = (name: string, failures: Record<string, number>, timedOut = 0) =>
    phaseSummary('fail', { name, ledger: { failures, timedOut } });

  test('begin with the bottleneck, and rest on its evidence', () => {
    expect(narrate(summaryOf('warn', [stress], { breakingPoint, bottleneck })).recommendations).toEqual([
      { text: 'Add cores.', because: 'CPU was high; so was the queue' },
    ]);
  });

  test('name the most frequent failure of the whole run, time-outs among them', () => {
    const several = [failing('a', { reset: 30, 'status.503': 20 }), failing('b', { 'status.503': 20 }, 35)];
    expect(narrate(summaryOf('fail', several)).recommendations).toEqual([
      {
        text: 'Look for the cause of "status.503" first; it is the most frequent failure.', // 40, against 30 and 35
        because: '40 requests failed so: The reply has status 503, which the step does not accept.',
      },
    ]);
    const [first] = narrate(summaryOf('fail', [failing('a', { reset: 30 }, 31)])).recommendations;
    expect(first?.text).toContain('"timed out"');
  });

  test('are none where nothing failed', () => {
    expect(narrate(summaryOf('pass', [good])).recommendations).toEqual([]);
  });
});

describe('next steps', () => {
  const stepsOf = (summary: Summary): string => narrate(summary).nextSteps.join('\n');

  test('after a break leave a margin of 30 %', () => {
    expect(stepsOf(summaryOf('warn', [stress], { breakingPoint }))).toContain('70 % of the break, 462 arrivals/s'); // 0.7 · 660.4
  });

  test('after a run that was over from the start ask for less, and promise no margin', () => {
    const steps = stepsOf(summaryOf('warn', [stress], { breakingPoint: { ...breakingPoint, alreadyBroken: true } }));
    expect(steps).toContain('the break lies below 660 arrivals/s');
    expect(steps).not.toContain('70 %');
  });

  test('ask for more load only where nothing broke', () => {
    const unbroken = phaseSummary('pass', { kind: 'stress' });
    expect(stepsOf(summaryOf('pass', [good, unbroken]))).toContain('Nothing broke');
    expect(stepsOf(summaryOf('pass', [good]))).not.toContain('Nothing broke');
    for (const verdict of ['warn', 'fail', 'void', 'unknown'] as const) {
      expect(stepsOf(summaryOf(verdict, [good, unbroken]))).not.toContain('Nothing broke');
    }
  });

  test('repeat a void run, mend a failed one', () => {
    expect(stepsOf(summaryOf('void', [good]))).toContain('Repeat the run');
    expect(stepsOf(summaryOf('fail', [good]))).toContain('Mend the first cause');
  });
});
