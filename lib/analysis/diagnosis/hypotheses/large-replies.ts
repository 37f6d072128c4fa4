import { formatBytes } from '../../../units.ts';
import type { Hypothesis } from '../hypothesis.ts';
import { crossed, meanNowOf, met, seen } from '../facts.ts';

/** A page of data has some ten kilobytes; this is far from that. */
const LARGE = 200_000;
const LINE_BYTES = 100e6;

/** Replies are so large that making and sending them takes the time. */
export const largeReplies: Hypothesis = {
  name: 'large-replies',
  accuses: 'network',
  weigh: (facts) => {
    const sent = meanNowOf(facts, 'network.sent') ?? 0;
    const each = sent / Math.max(1, facts.client.now.endedPerSecond);
    const own = [
      ...seen(facts, 'service.reply-size', ({ now }) => (now > LARGE ? 0.7 : -0.8)),
      ...seen(facts, 'network.sent', () => (sent > LINE_BYTES ? 0.6 : each > LARGE ? 0.6 : -0.6)),
      ...met(each > LARGE ? 0.3 : 0, `${formatBytes(each)} were sent for each request`),
    ];
    return [...own, ...crossed(facts, 'network', own)];
  },
  causes: ['service-cpu', 'event-loop', 'worker-pool', 'garbage-collection', 'memory'],
  remedy: () =>
    'Page large replies, leave out fields that are not shown, and compress what is left; then compare the bytes a second with the bandwidth of the instance.',
  seldomRead: true,
  decidedBy: ['service.reply-size', 'network.sent'],
};
