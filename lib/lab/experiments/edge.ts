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
    fault: 'large-responses',
    parameters: { size_kb: 1_500 },
    happens: 'Every reply carries a megabyte and a half of padding.',
    why: 'Bytes have to be copied, sent and read; a network of a gigabit a second carries eighty such replies a second.',
    signs: 'Time until the last byte grows while time until the first does not; bytes a second stand at a limit.',
    prevention: 'Page, compress, send what is asked for; watch bytes a second against the bandwidth of the instance.',
  },
];
