import { formatNumber } from '../../../units.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { crossed, meanNowOf, met, seen, type Facts } from '../facts.ts';

/** A retry budget lets a tenth more calls through (SRE book, chapter 21); twice as many are a storm. */
const STORM = 1.8;
/** Retries that fail as well make more failed calls than failed requests; means of seconds differ by less than this. */
const ONCE = 1.3;

/** Calls for each request now against while all was well; NaN where either is not known. */
function multiplied({ readings, client }: Facts): number {
  const calls = readings.get('downstream.calls');
  if (calls?.calm === undefined || client.calm === undefined) return Number.NaN;
  return calls.now / client.now.endedPerSecond / (calls.calm / client.calm.endedPerSecond);
}

/** Calls for each request of the steps that are hurt, as many of them as ended in the same time. */
function callsPerHurt(facts: Facts): number {
  const { client, shape } = facts;
  const all = client.steps.reduce((sum, { ended }) => sum + ended, 0);
  const hurt = shape.hurt.reduce((sum, { ended }) => sum + ended, 0);
  const perSecond = client.now.endedPerSecond * (hurt / Math.max(1, all));
  return perSecond === 0 ? Number.NaN : (meanNowOf(facts, 'downstream.calls') ?? Number.NaN) / perSecond;
}

/** Each failed request is about one failed call, so none of them was made again; requests that time out may have failed of anything. */
function calledOnce(facts: Facts): boolean {
  const { failedRatio, timedOutRatio, endedPerSecond } = facts.client.now;
  const failedCalls = (meanNowOf(facts, 'downstream.failed') ?? 0) * (meanNowOf(facts, 'downstream.calls') ?? 0);
  return failedRatio > timedOutRatio && failedCalls > 0 && failedCalls < ONCE * failedRatio * endedPerSecond;
}

/** Failed calls are made again, which multiplies the load on what fails. */
export const retryStorm: Hypothesis = {
  name: 'retry-storm',
  accuses: 'retry-storm',
  weigh: (facts) => {
    const [failing, times, perHurt] = [
      meanNowOf(facts, 'downstream.failed') ?? 0,
      multiplied(facts),
      callsPerHurt(facts),
    ];
    const once = calledOnce(facts);
    const storm = !once && failing > 0.05 && (perHurt > STORM || (times > STORM && perHurt > 1.3));
    const shown = !(perHurt > STORM)
      ? `${formatNumber(times)} times as many calls a request as while all was well`
      : `${formatNumber(perHurt)} calls for each request of the steps that are hurt`;
    const own = [
      ...seen(facts, 'downstream.retried', ({ now }) => (now > 0.1 ? 0.7 : -0.7)),
      ...met(storm ? 0.7 : 0, shown),
      ...met(once ? -0.7 : 0, 'failed calls are no more than failed requests, so none was made again'),
      ...seen(facts, 'downstream.calls', () => (storm ? 0.4 : -0.6)),
    ];
    return [...own, ...crossed(facts, 'retry-storm', own)];
  },
  causes: ['downstream-errors', 'downstream-latency', 'worker-pool'],
  remedy: () =>
    'Give retries a budget (a tenth of the calls), a jittered back-off, and one place in the chain that retries; open a circuit breaker while the other fails.',
  decidedBy: ['downstream.retried', 'downstream.calls'],
};
