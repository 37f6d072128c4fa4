import { describe, expect, test } from '@jest/globals';
import type { Summary } from '../../../lib/report/summary.ts';
import { FAULT_PHASE } from '../../../lib/lab/plan.ts';
import { recordedExperiment, type RecordedExperiment } from './recorded.ts';

const phaseOf = ({ report: { summary } }: RecordedExperiment, name: string): Summary['phases'][number] => {
  const phase = summary.phases.find((each) => each.name === name);
  if (phase === undefined) throw new Error(`no phase ${name}`);
  return phase;
};

/** Values of a signal while a phase lasted. */
function during(run: RecordedExperiment, name: string, signal: string): number[] {
  const { startedAt, durationSeconds } = phaseOf(run, name);
  const from = (Date.parse(startedAt) - Date.parse(run.report.summary.run.startedAt)) / 1000;
  const points = run.series.find(({ id }) => id === signal)?.points ?? [];
  return points.filter(([at]) => at > from && at <= from + durationSeconds).map(([, value]) => value);
}

const stepOf = (run: RecordedExperiment, name: string) =>
  phaseOf(run, FAULT_PHASE)
    .scenarios.flatMap(({ steps }) => steps)
    .find((step) => step.name === name);

const most = (values: readonly number[]): number => Math.max(...values);

test.each(['out-of-memory', 'slow', 'db-pool-exhaust', 'cascade-failure', 'downstream-down'])(
  '%s: all was well before it and after it, and the measurement is valid',
  async (fault) => {
    const run = await recordedExperiment(fault);
    for (const name of ['healthy', 'recovery']) expect(phaseOf(run, name).errorRatio).toBe(0);
    expect(run.report.summary.phases.map(({ validity }) => validity.verdict)).not.toContain('void');
    expect(phaseOf(run, FAULT_PHASE).errorRatio).toBeGreaterThan(0.05);
  },
);

describe('a kill for want of memory', () => {
  test('comes at the limit; the process is started anew, and requests are reset and refused meanwhile', async () => {
    const run = await recordedExperiment('out-of-memory');
    const starts = run.series.find(({ id }) => id === 'service.started')?.points.map(([, value]) => value) ?? [];
    expect(most(starts)).toBeGreaterThan(starts[0] ?? Number.NaN);
    const [before, fault] = ['healthy', FAULT_PHASE].map((name) => most(during(run, name, 'service.memory')));
    expect(fault).toBeGreaterThan(Math.max(0.9, before ?? Number.NaN));
    expect(phaseOf(run, FAULT_PHASE).ledger.failures).toMatchObject({
      reset: expect.any(Number),
      refused: expect.any(Number),
    });
    const crashes = run.report.summary.readiness?.blockers.find(({ name }) => name === 'crashes');
    expect(crashes).toMatchObject({ verdict: 'fail', text: expect.stringMatching(/^the process was started anew/) });
    expect(run.report.summary.bottleneck?.id).toBe('service.memory');
  });
});

describe('input and output that hold workers', () => {
  test('exhaust the workers: a queue grows, requests of that step time out, and the processor has little to do', async () => {
    const run = await recordedExperiment('slow');
    expect(most(during(run, 'healthy', 'service.worker-use'))).toBe(0);
    expect(most(during(run, FAULT_PHASE, 'service.worker-use'))).toBe(1);
    const queue = during(run, FAULT_PHASE, 'service.worker-queue');
    expect(most(queue)).toBeGreaterThan(50);
    expect(queue.indexOf(most(queue))).toBeGreaterThan(queue.length / 2);
    expect(stepOf(run, 'list jobs')?.ledger.timedOut).toBe(phaseOf(run, FAULT_PHASE).ledger.timedOut);
    expect(stepOf(run, 'list jobs')?.ledger.timedOut).toBeGreaterThan(50);
    expect(most(during(run, FAULT_PHASE, 'service.cpu'))).toBeLessThan(0.5);
    expect(run.report.summary.bottleneck).toMatchObject({ id: 'service.workers', signal: 'service.worker-queue' });
  });
});

describe('an exhausted pool', () => {
  test('lets requests wait for a connection, and refuses them after its time-out; it is named with high confidence', async () => {
    const run = await recordedExperiment('db-pool-exhaust');
    expect(most(during(run, 'healthy', 'database.pool-waiting'))).toBe(0);
    expect(most(during(run, FAULT_PHASE, 'database.pool-use'))).toBe(1);
    expect(most(during(run, FAULT_PHASE, 'database.pool-waiting'))).toBeGreaterThan(100);
    // The pool's own time-out is 2 s, and every other request met it.
    const { ledger, responseTimeUs } = phaseOf(run, FAULT_PHASE);
    expect(ledger.failures['status.503']).toBeGreaterThan(ledger.sent / 2);
    expect(responseTimeUs?.p50).toBeGreaterThan(1_900_000);
    expect(run.report.summary.bottleneck).toMatchObject({ id: 'database.connections', confidence: 'high' });
  });
});

describe('a cascade', () => {
  test('spreads: calls fail downstream, so do the requests that make them, and no others', async () => {
    const run = await recordedExperiment('cascade-failure');
    expect(most(during(run, 'healthy', 'downstream.failed'))).toBe(0);
    expect(most(during(run, FAULT_PHASE, 'downstream.failed'))).toBeGreaterThan(0.2);
    const { ledger } = phaseOf(run, FAULT_PHASE);
    expect(ledger.failures).toEqual({ 'status.502': ledger.failed });
    expect(stepOf(run, 'search')?.ledger.failed).toBe(ledger.failed);
    expect(run.report.summary.bottleneck?.id).toBe('downstream.errors');
  });

  test('is complete without the downstream service: every request that calls it fails', async () => {
    const run = await recordedExperiment('downstream-down');
    const { ok, sent } = stepOf(run, 'pay')?.ledger ?? { ok: -1, sent: -1 };
    expect([ok, sent]).toEqual([0, phaseOf(run, FAULT_PHASE).ledger.failed]);
    expect(sent).toBeGreaterThan(50);
    expect(run.report.summary.bottleneck?.id).toBe('downstream.errors');
  });
});
