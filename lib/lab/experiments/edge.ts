import type { Experiment } from '../experiment.ts';

/** The control, and what happens between client and service. */
export const edgeExperiments: readonly Experiment[] = [
  {
    fault: 'healthy',
    parameters: {},
    happens: 'Nothing.',
    why: 'A diagnosis that finds something wherever it looks is worth nothing: the control shows what it says of a healthy service.',
    signs: 'Every objective holds in every phase.',
    prevention: 'Nothing to prevent.',
  },
  {
    fault: 'rate-limit',
    parameters: { per_second: 30 },
    happens: 'A gateway lets thirty requests a second through and answers the rest with 429.',
    why: 'The limit protects what it stands in front of, and users are refused though the service has room.',
    signs: 'Statuses 429 at once, a throughput that stands at exactly the limit, and an idle service.',
    prevention: 'Limits by client and from the measured capacity; Retry-After; alarms on refused requests.',
  },
  {
    fault: 'uneven-nodes',
    parameters: { delay: 1 },
    happens: 'Of three nodes that are asked in turn, one takes a second longer for each request.',
    why: 'A balancer that counts requests and not what is under way gives the slow node its third all the same, so every third request waits, at every step.',
    signs:
      'Half of the replies as fast as before and p95 above a second, whatever the step; times by node far apart; nothing exhausted.',
    prevention:
      'Balance by least outstanding requests; health checks with a limit on time; the same figures for each node, and an alarm on the spread.',
  },
  {
    fault: 'large-responses',
    parameters: { size_kb: 1_500 },
    happens: 'Every reply carries a megabyte and a half of padding.',
    why: 'Bytes have to be copied, sent and read; a network of a gigabit a second carries eighty such replies a second.',
    signs: 'Time until the last byte grows while time until the first does not; bytes a second stand at a limit.',
    prevention: 'Page, compress, send what is asked for; watch bytes a second against the bandwidth of the instance.',
  },
];
