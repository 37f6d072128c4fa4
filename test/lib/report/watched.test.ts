import { describe, expect, test } from '@jest/globals';
import { readReportAssets } from '../../../lib/adapters/node/report-assets.ts';
import type { Drift, DriftTrend } from '../../../lib/analysis/drift/drift.ts';
import type { PhaseFindings } from '../../../lib/analysis/phase.ts';
import type { Verdict } from '../../../lib/analysis/verdict.ts';
import type { FailureCase } from '../../../lib/measure/cases.ts';
import { htmlRenderer } from '../../../lib/report/formats/html.ts';
import { renderJunit } from '../../../lib/report/formats/junit.ts';
import { renderMarkdown } from '../../../lib/report/formats/markdown.ts';
import { textSummary } from '../../../lib/report/formats/text.ts';
import { narrate } from '../../../lib/report/narrative.ts';
import type { Report } from '../../../lib/report/report.ts';
import { failureExamples } from '../../../lib/report/sections/examples.ts';
import type { Summary } from '../../../lib/report/summary.ts';
import { visibleText } from './formats/html/markup.ts';
import { brokenRun } from './fixture.ts';
import { phaseSummary, summaryOf } from './summaries.ts';

const TEXT = 'Memory of the service rose by 5 % an hour (4.5 to 5.5 %), from 40 % to 44 % within 2 h of soak';
const trend = (verdict: 'warn' | 'fail'): DriftTrend => ({
  phase: 'soak',
  figure: 'service.memory',
  verdict,
  fromSeconds: 720,
  toSeconds: 7200,
  from: 0.4,
  to: 0.44,
  perHour: 0.05,
  perHourRange: [0.045, 0.055],
  limit: 1,
  hoursToLimit: 9,
  hoursToLimitRange: [7, 14],
  text: TEXT,
});
const driftOf = (verdict: 'warn' | 'fail'): Drift => ({
  verdict,
  phases: ['soak'],
  figures: ['responseTime.p99', 'service.memory'],
  trends: [trend(verdict)],
});
const broken = { verdict: 'fail', checks: [{ name: 'data', verdict: 'fail', failure: 'expect.body' }] } as const;
const silent = { verdict: 'unknown', checks: [{ name: 'data', verdict: 'unknown', failure: 'refused' }] } as const;
const ill = { verdict: 'fail', signal: 'service.unhealthy', asked: 90, failed: 9 } as const;
const good = phaseSummary('pass', { perSecond: 641.2 });

describe('what no phase shows', () => {
  test.each<readonly [string, Verdict, Partial<Summary>, string]>([
    [
      'broken data',
      'fail',
      { integrity: broken },
      'but the check "data" after the load was not answered as expected (expect.body)',
    ],
    [
      'no recovery',
      'fail',
      { recovery: { seconds: null, verdict: 'fail' } },
      'but the service did not come back after the stress',
    ],
    ['a failing health check', 'fail', { health: ill }, 'but 9 of 90 health checks failed'],
    ['a limit that is near', 'fail', { drift: driftOf('fail') }, 'but memory of the service rose by 5 % an hour'],
    ['a slow leak', 'warn', { drift: driftOf('warn') }, '; it warns: memory of the service rose by 5 % an hour'],
    [
      'data that could not be asked for',
      'unknown',
      { integrity: silent },
      'the check "data" after the load had no answer (refused)',
    ],
  ])('is in the headline: %s', (_, verdict, more, text) => {
    const words = narrate({ ...summaryOf(verdict, [good]), ...more });
    expect(words.headline).toContain(text);
    expect(words.headline).not.toContain('undefined');
    // What could not be asked for is no reason to mend anything.
    expect(words.recommendations).toHaveLength(verdict === 'unknown' ? 0 : 1);
  });
});

test('every format has go or no-go, drift, and the checks', () => {
  const report: Report = brokenRun();
  const readiness = {
    verdict: 'no-go',
    blockers: [
      { name: 'data', verdict: 'fail', text: 'the check "data" found the data broken (expect.body)' },
      { name: 'health', verdict: 'unknown', text: 'no health check was read' },
    ],
  } as const;
  const summary = { ...report.summary, readiness, drift: driftOf('warn'), integrity: broken, health: ill };
  const logs = [{ text: 'ERROR pool is full', count: 7, at: '2026-11-30T09:00:01.250Z' }];
  const windows = [{ from: '2026-11-30T08:59:51.000Z', to: '2026-11-30T09:00:21.000Z' }];
  const watched = { ...report, summary, logs, logExcerpt: { source: '/ecs/shop-api', windows } };
  const said = 'No-go: the check "data" found the data broken (expect.body). Not tested: health check.';
  const page = visibleText(htmlRenderer(readReportAssets())(watched)).replaceAll('\u{A0}', ' ');
  const markdown = renderMarkdown(watched);
  for (const text of [page, markdown]) {
    expect(text).toContain(said);
    expect(text).toContain(TEXT);
    expect(text).toContain('9 of 90 health checks failed');
    expect(text).toContain('ERROR pool is full');
    expect(text).toContain('09:00:01.250');
    expect(text).toContain('Of the log /ecs/shop-api around the first failures of each kind: 08:59:51 to 09:00:21.');
  }
  expect(textSummary(watched).replaceAll('\n', ' ')).toContain(said);
  expect(renderJunit(watched)).toContain('<testcase classname="run" name="check data"><failure message="fail: ');
});

describe('examples of failures', () => {
  const cases = (kind: string, ...texts: readonly string[]): FailureCase[] =>
    texts.map((text, at) => ({ kind, atUs: at * 1e6, text }));
  const phaseWith = (failures: Readonly<Record<string, number>>, own: readonly FailureCase[]): PhaseFindings => {
    const phase = phaseSummary('fail');
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    const step = {
      name: 'order',
      ledger: { sent: failed, ok: 0, failed, timedOut: 0, cut: 0, failures },
      responseTimeUs: phase.responseTimeUs,
      serviceTimeUs: phase.serviceTimeUs,
      cases: own,
    };
    return { ...phase, startedAt: '2026-11-30T09:00:00.000Z', scenarios: [{ name: 'buyer', steps: [step] }] };
  };
  const examplesOf = (phase: PhaseFindings) => failureExamples(summaryOf('fail', [phase]));

  test('begin with one of each kind, the most frequent first, and say when', () => {
    const own = [...cases('status.503', 'pool is full', 'no stock'), ...cases('reset', 'connection reset')];
    const found = examplesOf(phaseWith({ 'status.503': 3, reset: 40 }, own));
    expect(found.map(({ kind, text, count }) => [kind, text, count])).toEqual([
      ['reset', 'connection reset', 40],
      ['status.503', 'pool is full', 3],
      ['status.503', 'no stock', 3],
    ]);
    expect(found[2]?.at).toBe('2026-11-30T09:00:01.000Z');
  });

  test('are twelve at the most, and none says what another says', () => {
    const kinds = Array.from({ length: 20 }, (_, at) => `status.${500 + at}`);
    const many = phaseWith(
      Object.fromEntries(kinds.map((kind) => [kind, 1])),
      kinds.flatMap((kind) => cases(kind, 'a', 'b')),
    );
    expect(examplesOf(many)).toHaveLength(12);
    expect(examplesOf(phaseWith({ reset: 2 }, cases('reset', 'same', 'same')))).toHaveLength(1);
  });
});
