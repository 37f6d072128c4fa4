import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Verdict } from '../../../lib/analysis/verdict.ts';
import { runVerdict } from '../../../lib/analysis/index.ts';
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
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it broke at 660 arrivals/s with 412 users under way (${P99}).`,
    ],
    [
      'of a break that is explained',
      summaryOf('warn', [good, stress], { breakingPoint, bottleneck }),
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it broke at 660 arrivals/s with 412 users under way (${P99}), first to give way: service CPU.`,
    ],
    [
      'of a break that is not',
      summaryOf('warn', [good, stress], { breakingPoint, bottleneck: { ...bottleneck, id: 'unknown' } }),
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it broke at 660 arrivals/s with 412 users under way (${P99}).`,
    ],
    [
      'of a break of which the cause is a guess',
      summaryOf('warn', [good, stress], { breakingPoint, bottleneck: { ...bottleneck, confidence: 'low' } }),
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it broke at 660 arrivals/s with 412 users under way (${P99}), perhaps first to give way: service CPU.`,
    ],
    [
      'of a break on a full machine',
      summaryOf('warn', [good, stress], {
        breakingPoint,
        bottleneck: { ...bottleneck, id: 'unknown', signal: 'host.cpu' },
      }),
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it broke at 660 arrivals/s with 412 users under way (${P99}), while the machine was full.`,
    ],
    [
      'of a break under users, whose rate is what they carried',
      summaryOf('warn', [good, { ...stress, model: 'closed' }], { breakingPoint }),
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it broke at 660 requests/s with 412 users under way (${P99}).`,
    ],
    [
      'of a run that was over from the start',
      summaryOf('warn', [good, stress], { breakingPoint: { ...breakingPoint, alreadyBroken: true } }),
      `shop carried 641 requests/s with a p99 of 12.4 ms and 0 % errors; it was already broken at 660 arrivals/s with 412 users under way (${P99}).`,
    ],
    [
      'of a failure that is a break',
      summaryOf('fail', [good, { ...stress, verdict: 'fail', objectives: [] }], { breakingPoint, bottleneck }),
      `shop missed its objectives: in stress, 0 % of the requests failed; it broke at 660 arrivals/s with 412 users under way (${P99}), first to give way: service CPU.`,
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
    expect(narrate(summary).headline).toBe(headline);
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
        const { headline } = narrate(summary);
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

test('a scenario that no user came to is a doubt', () => {
  const sentBy = (sent: number) => ({
    name: `GET /${sent}`,
    ledger: { sent, ok: sent, failed: 0, timedOut: 0, cut: 0, failures: {} },
    responseTimeUs: phaseSummary('pass').responseTimeUs,
    serviceTimeUs: phaseSummary('pass').serviceTimeUs,
  });
  const scenarios = [
    { name: 'browse', steps: [sentBy(0), sentBy(100)] },
    { name: 'buy', steps: [sentBy(0)] },
    { name: 'wait', steps: [] },
  ];
  const { doubts } = narrate(summaryOf('pass', [{ ...phaseSummary('pass'), scenarios }]));
  expect(doubts).toEqual(['sustained: no user came to the scenario "buy", so no figure holds any of it.']);
});
