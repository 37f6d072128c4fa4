import { valueAt } from '../../../lib/measure/histogram.ts';
import { allSteps } from '../../../lib/measure/interval.ts';
import type { OwnRow } from './row.ts';
import { measuredGenerator, measuredPhase } from './measured-phase.ts';

const USERS = 10_000;
const RAMP_SECONDS = 6;

/** 10,000 users who think for 1 s between requests; judged from when they are all there. */
export async function manyUsers(origin: string, seconds: number): Promise<OwnRow> {
  const stages = [
    { duration: `${RAMP_SECONDS}s`, to: USERS },
    { duration: `${seconds}s`, hold: USERS },
  ];
  const plan = {
    name: 'many users',
    target: origin,
    scenarios: [{ name: 'get', steps: [{ get: '/' }, { pause: '1s' }] }],
    phases: [{ name: 'users', kind: 'sustained', closed: { stages } }],
  };
  const judged = { from: RAMP_SECONDS + 1, to: RAMP_SECONDS + seconds };
  const { interval, cost } = await measuredGenerator(plan, judged);
  const whole = await measuredPhase(plan, judged);
  const { ledger } = allSteps(interval);
  const figures = {
    rssMB: cost.peakRssBytes / 1e6,
    wholeRssMB: whole.cost.peakRssBytes / 1e6,
    wholeStartDelayP99Us: valueAt(whole.interval.startDelay, 99),
    startDelayP50Us: valueAt(interval.startDelay, 50),
    startDelayP99Us: valueAt(interval.startDelay, 99),
    requestsPerSecond: ledger.ok / (seconds - 1),
    failed: ledger.failed + ledger.timedOut,
    users: interval.userUs / ((seconds - 1) * 1e6),
    cpuRatio: interval.generator.cpuUs / interval.generator.wallUs,
  };
  return {
    name: '10,000 virtual users, 1 s think time',
    measured: `${figures.rssMB.toFixed(0)} MB (${figures.wholeRssMB.toFixed(0)} with the command line around it); p99 ${(figures.startDelayP99Us / 1000).toFixed(2)} ms at ${figures.requestsPerSecond.toFixed(0)} req/s`,
    goal: '≤ 160 MB resident; start delay p99 ≤ 2 ms',
    holds: figures.rssMB <= 160 && figures.startDelayP99Us <= 2000 && figures.failed === 0,
    figures,
  };
}
