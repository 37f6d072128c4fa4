import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Verdict } from '../../../lib/analysis/verdict.ts';
import { runVerdict } from '../../../lib/report/summarise.ts';
import type { Summary } from '../../../lib/report/summary.ts';
import { tell } from '../../../lib/report/tell.ts';
import { phaseSummary, summaryOf } from './told.ts';

const P99 = 'p99 < 500ms, fail > 600ms';
const breakingPoint = { users: 412, perSecond: 660.4, objective: P99, phase: 'stress', atSeconds: 16 };
const bottleneck = {
  id: 'service.cpu',
  confidence: 'high',
  evidence: ['CPU was high', 'so was the queue'],
  remedy: 'Add cores.',
} as const;
const quiet = phaseSummary('pass', { kind: 'warm-up', p99: 99_000, perSecond: 1 });
const good = phaseSummary('pass', { perSecond: 641.2 });
const stress = phaseSummary('warn', { kind: 'stress', perSecond: 900, objectives: { [P99]: 'warn' } });

describe('the headline', () => {
  test.each<readonly [string, Summary, string]>([
    [
      'of a pass',
      summaryOf('pass', [quiet, good]),
      'shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; nothing broke.',
    ],
    [
      'of a pass without a sustained phase',
      summaryOf('pass', [quiet, phaseSummary('pass', { kind: 'stress', perSecond: 900 })]),
      'shop carried 900 requests/s with a p99 of 12.4 ms and 0 % errors; nothing broke.',
    ],
    [
      'of a pass that ended in a pause',
      summaryOf('pass', [good, phaseSummary('pass', { name: 'pause', p99: null, perSecond: 0 })]),
      'shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; nothing broke.',
    ],
    [
      'of nothing but a pause',
      summaryOf('pass', [phaseSummary('pass', { p99: null, perSecond: 0 })]),
      'shop carried no load, as planned; nothing broke.',
    ],
    [
      'of a warning',
      summaryOf('warn', [good, stress]),
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it warns in stress: ${P99}.`,
    ],
    [
      'of a break',
      summaryOf('warn', [good, stress], { breakingPoint }),
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it broke at 660/s with 412 users under way (${P99}).`,
    ],
    [
      'of a break that is explained',
      summaryOf('warn', [good, stress], { breakingPoint, bottleneck }),
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it broke at 660/s with 412 users under way (${P99}), where service.cpu gives way first.`,
    ],
    [
      'of a break that is not',
      summaryOf('warn', [good, stress], { breakingPoint, bottleneck: { ...bottleneck, id: 'unknown' } }),
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it broke at 660/s with 412 users under way (${P99}).`,
    ],
    [
      'of a failure',
      summaryOf('fail', [
        quiet,
        good,
        phaseSummary('fail', {
          name: 'peak',
          objectives: { [P99]: 'fail', 'errors < 1%': 'pass', 'max < 1s': 'fail' },
        }),
      ]),
      `shop missed its objectives: in peak, ${P99}; max < 1s.`,
    ],
    [
      'of a failed warm-up and nothing else',
      summaryOf('fail', [phaseSummary('fail', { kind: 'warm-up', objectives: { 'errors < 1%': 'fail' } })]),
      'shop missed its objectives: in warm-up, errors < 1%.',
    ],
    [
      'of a total failure',
      summaryOf('fail', [
        phaseSummary('fail', { ledger: { sent: 1250, ok: 0, failed: 1250 }, objectives: { [P99]: 'pass' } }),
      ]),
      'shop missed its objectives: in sustained not one of 1,250 requests succeeded.',
    ],
    [
      'of a void run',
      summaryOf('void', [good, phaseSummary('void', { name: 'peak', reasons: ['arrivals started late', 'and more'] })]),
      'The measurement is void: in peak, arrivals started late.',
    ],
    [
      'of a void warm-up and nothing else',
      summaryOf('void', [phaseSummary('void', { kind: 'warm-up', reasons: ['a worker was lost'] })]),
      'The measurement is void: in warm-up, a worker was lost.',
    ],
    [
      'of an unmeasured signal',
      summaryOf('unknown', [
        good,
        phaseSummary('unknown', { name: 'peak', objectives: { 'service.cpu p99 < 80%': 'unknown' } }),
      ]),
      'shop was measured only in part, so there is no verdict: "service.cpu p99 < 80%" has no figures in peak.',
    ],
    [
      'of silence',
      summaryOf('unknown', [phaseSummary('unknown', { p99: null, ledger: { sent: 0, ok: 0 } })]),
      'shop was measured only in part, so there is no verdict: no request came to its end in sustained.',
    ],
    [
      'of a run that was stopped',
      summaryOf('unknown', [good], { partial: true }),
      'The run was stopped early: shop was measured only in part, so there is no verdict: later phases are missing.',
    ],
    [
      'of a run that was stopped after a failure',
      summaryOf('fail', [phaseSummary('fail', { objectives: { 'errors < 1%': 'fail' } })], { partial: true }),
      'The run was stopped early: shop missed its objectives: in sustained, errors < 1%.',
    ],
    [
      'of a run that was stopped at once',
      summaryOf('unknown', [], { partial: true }),
      'The run was stopped early: shop ended before any phase was run.',
    ],
  ])('%s', (_, summary, headline) => {
    expect(tell(summary).headline).toBe(headline);
  });

  const verdicts = fc.constantFrom<Verdict>('pass', 'warn', 'fail', 'unknown', 'void');
  const kinds = fc.constantFrom('warm-up', 'sustained', 'stress', 'recovery');
  const phases = fc.array(
    fc.tuple(verdicts, kinds, fc.boolean()).map(([verdict, kind, heard]) =>
      phaseSummary(verdict, {
        kind,
        p99: heard ? 12_400 : null,
        reasons: verdict === 'void' ? ['a reason'] : [],
        objectives: { [P99]: verdict },
      }),
    ),
    { maxLength: 5 },
  );

  test('claims nothing that the summary does not hold', () => {
    fc.assert(
      fc.property(phases, fc.boolean(), fc.boolean(), (several, partial, broke) => {
        const verdict = runVerdict(several, partial);
        const summary = summaryOf(verdict, several, {
          ...(partial && { partial: true }),
          ...(broke && { breakingPoint }),
        });
        const { headline } = tell(summary);
        const ran = several.length > 0;
        expect(headline.includes('carried')).toBe(ran && (verdict === 'pass' || verdict === 'warn'));
        expect(headline.includes('nothing broke')).toBe(ran && verdict === 'pass' && !broke);
        expect(headline.includes('missed')).toBe(verdict === 'fail');
        expect(headline.includes('void')).toBe(verdict === 'void');
        expect(headline.startsWith('The run was stopped early')).toBe(partial);
        expect(headline.includes('12.4 ms') && !several.some((phase) => phase.responseTimeUs.p99 !== null)).toBe(false);
        expect(headline).not.toMatch(/NaN|undefined|null|–|: ;|, \.|  /);
      }),
    );
  });
});

describe('doubts', () => {
  test('name every reason, every objective without figures, and a stop', () => {
    const late = phaseSummary('void', { name: 'peak', reasons: ['late', 'busy'] });
    const blind = phaseSummary('unknown', {
      name: 'calm',
      objectives: { 'errors < 1%': 'pass', 'service.cpu p99 < 80%': 'unknown' },
    });
    expect(tell(summaryOf('void', [late, blind], { partial: true })).doubts).toEqual([
      'The run was stopped before its end; later phases are missing.',
      'peak: late.',
      'peak: busy.',
      'calm: "service.cpu p99 < 80%" was not measured.',
    ]);
  });

  test('are none where nothing speaks against the run', () => {
    expect(tell(summaryOf('pass', [good])).doubts).toEqual([]);
  });
});

describe('recommendations', () => {
  const failing = (name: string, failures: Record<string, number>, timedOut = 0) =>
    phaseSummary('fail', { name, ledger: { failures, timedOut } });

  test('begin with the bottleneck, and rest on its evidence', () => {
    expect(tell(summaryOf('warn', [stress], { breakingPoint, bottleneck })).recommendations).toEqual([
      { text: 'Add cores.', because: 'CPU was high; so was the queue' },
    ]);
  });

  test('name the most frequent failure of the whole run, time-outs among them', () => {
    const several = [failing('a', { reset: 30, 'status.503': 20 }), failing('b', { 'status.503': 20 }, 35)];
    expect(tell(summaryOf('fail', several)).recommendations).toEqual([
      {
        text: 'Look for the cause of "status.503" first; it is the most frequent failure.', // 40, against 30 and 35
        because: '40 requests failed so: The reply has status 503, which the step does not accept.',
      },
    ]);
    const [first] = tell(summaryOf('fail', [failing('a', { reset: 30 }, 31)])).recommendations;
    expect(first?.text).toContain('"timed out"');
  });

  test('are none where nothing failed', () => {
    expect(tell(summaryOf('pass', [good])).recommendations).toEqual([]);
  });
});

describe('next steps', () => {
  const stepsOf = (summary: Summary): string => tell(summary).nextSteps.join('\n');

  test('after a break leave a margin of 30 %', () => {
    expect(stepsOf(summaryOf('warn', [stress], { breakingPoint }))).toContain('70 % of the break, 462/s'); // 0.7 · 660.4
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
