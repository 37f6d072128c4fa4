import { valueAt } from '../../../lib/measure/histogram.ts';
import { allSteps } from '../../../lib/measure/interval.ts';
import type { OwnRow } from './row.ts';
import { measuredGenerator } from './measured-phase.ts';

const RAMP_SECONDS = 3;

/** An open model at half of what one core carried in the closed loop, judged from when it has come to that. */
export async function halfLoad(origin: string, capacityPerSecond: number, seconds: number): Promise<OwnRow> {
  const rate = Math.round(capacityPerSecond / 200) * 100;
  const stages = [
    { duration: `${RAMP_SECONDS}s`, to: rate },
    { duration: `${seconds}s`, hold: rate },
  ];
  const plan = {
    name: 'half load',
    target: origin,
    scenarios: [{ name: 'get', steps: [{ get: '/' }] }],
    phases: [{ name: 'arrivals', kind: 'sustained', open: { stages } }],
  };
  const { interval, cost } = await measuredGenerator(plan, { from: RAMP_SECONDS + 1, to: RAMP_SECONDS + seconds });
  const { ledger, responseTime } = allSteps(interval);
  const sentPerSecond = ledger.sent / (seconds - 1);
  const figures = {
    rate,
    sentPerSecond,
    rateError: sentPerSecond / rate - 1,
    startDelayP50Us: valueAt(interval.startDelay, 50),
    startDelayP99Us: valueAt(interval.startDelay, 99),
    responseTimeP99Us: valueAt(responseTime, 99),
    dropped: interval.arrivals.dropped,
    cpuRatio: interval.generator.cpuUs / interval.generator.wallUs,
    cpuSeconds: cost.cpuSeconds,
  };
  return {
    name: `open model at half of one core's capacity (${rate}/s)`,
    measured: `p99 ${(figures.startDelayP99Us / 1000).toFixed(2)} ms; rate ${(figures.rateError * 100).toFixed(3)} %`,
    goal: 'start delay p99 ≤ 1 ms; offered rate within 0.1 %',
    holds: figures.startDelayP99Us <= 1000 && Math.abs(figures.rateError) <= 0.001,
    figures,
  };
}
