import { formatRatio } from '../../../units.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { crossed, meanNowOf, met, seen, unread } from '../facts.ts';

/** Another service fails, and the requests that need it with it. */
export const downstreamErrors: Hypothesis = {
  name: 'downstream-errors',
  accuses: 'downstream.errors',
  weigh: (facts) => {
    const { client } = facts;
    const failing = meanNowOf(facts, 'downstream.failed') ?? 0;
    const failedCalls = failing * (meanNowOf(facts, 'downstream.calls') ?? 0);
    const failures = (client.now.failedRatio + client.now.timedOutRatio) * client.now.endedPerSecond;
    // Each failed call is one failed request, where there are no retries.
    const explained = failures > 0 && failedCalls > 0 ? Math.min(1, failedCalls / failures) : 0;
    const own = [
      ...seen(facts, 'downstream.failed', ({ now }) =>
        now > 0.03 ? 0.6 : failing > 0.03 ? 0.25 : failing < 0.005 ? -0.85 : 0,
      ),
      ...met(
        failing > 0.03 && explained > 0.5 ? 0.5 : 0,
        `failed calls are as many as ${formatRatio(explained)} of the failed requests`,
      ),
      ...met(failing > 0.03 && failures === 0 ? -0.5 : 0, 'no request failed'),
    ];
    return [...own, ...crossed(facts, 'downstream.errors', own)];
  },
  causes: ['downstream-latency', 'refusals'],
  remedy: ({ shape }) =>
    `Open a circuit breaker on the call${shape.hurt[0] === undefined ? '' : ` in ${shape.hurt[0].name}`}, and answer without it where that is possible.`,
  decidedBy: ['downstream.failed'],
  // Calls that fail may do so since they are made again, or since they are late.
  leftOpenBy: (facts) =>
    ['downstream.calls', 'downstream.time'].filter((id) =>
      id === 'downstream.calls' ? unread(facts, 'downstream.retried', id) : unread(facts, 'downstream.in-flight', id),
    ),
};
