import type { Verdict } from '../../../lib/analysis/verdict.ts';
import type { PhaseFindings } from '../../../lib/analysis/phase.ts';
import type { TimesUs } from '../../../lib/measure/times.ts';
import type { Summary } from '../../../lib/report/summary.ts';

const timesUs = (p99: number | null): TimesUs => ({
  count: p99 === null ? 0 : 100,
  min: p99,
  mean: p99,
  deviation: p99,
  p50: p99,
  p90: p99,
  p95: p99,
  p99,
  p999: p99,
  max: p99,
});

export interface Told {
  readonly name?: string;
  readonly kind?: PhaseFindings['kind'];
  readonly p99?: number | null;
  readonly perSecond?: number;
  readonly ledger?: Partial<PhaseFindings['ledger']>;
  /** Objective → its verdict. */
  readonly objectives?: Readonly<Record<string, Verdict>>;
  readonly reasons?: readonly string[];
}

/** A phase's summary, of which a test says what matters to it. */
export function phaseSummary(verdict: Verdict, told: Told = {}): PhaseFindings {
  const { kind = 'sustained', p99 = 12_400, reasons = [] } = told;
  return {
    name: told.name ?? kind,
    kind,
    model: 'open',
    load: '10 arrivals/s',
    startedAt: '2026-11-21T10:15:30.000Z',
    durationSeconds: 10,
    verdict,
    validity: { verdict: reasons.length === 0 ? 'valid' : 'void', reasons },
    arrivals: { due: 100, started: 100, dropped: 0, completed: 100, abandoned: 0, cut: 0 },
    ledger: { sent: 100, ok: 100, failed: 0, timedOut: 0, cut: 0, failures: {}, ...told.ledger },
    offeredPerSecond: 10,
    throughputPerSecond: told.perSecond ?? 10,
    errorRatio: p99 === null ? null : 0,
    peakUsers: 1,
    responseTimeUs: timesUs(p99),
    serviceTimeUs: timesUs(p99),
    startDelayUs: timesUs(100),
    generator: { cpuRatio: 0.1, eventLoopDelayUs: timesUs(100) },
    objectives: Object.entries(told.objectives ?? {}).map(([objective, each]) => ({
      objective,
      value: 1,
      verdict: each,
    })),
    scenarios: [],
  };
}

export const summaryOf = (
  verdict: Verdict,
  phases: readonly PhaseFindings[],
  more: Partial<Summary> = {},
): Summary => ({
  format: 'plimsoll.summary.v1',
  run: { id: 'r', startedAt: '2026-11-21T10:15:30.000Z', endedAt: '2026-11-21T10:16:30.000Z', version: '0.1.0' },
  plan: { name: 'shop', sha256: '00' },
  target: 'http://127.0.0.1:8080/',
  verdict,
  phases,
  ...more,
});
