import { valueAt } from '../measure/histogram.ts';
import { allSteps } from '../measure/interval.ts';
import { hundredths } from './hundredths.ts';
import type { Output, WorkerSecond } from './output.ts';

/** The namespace and the names that the `cloud` readings of lib/signals/resources/generator.ts have, with CloudWatch's units. */
const NAMESPACE = 'Plimsoll';
const UNITS = {
  Phase: 'None',
  Users: 'Count',
  ArrivalsDue: 'Count',
  ArrivalsDropped: 'Count',
  RequestsOk: 'Count',
  StartDelayUs: 'Microseconds',
  EventLoopDelayUs: 'Microseconds',
  GeneratorCpuRatio: 'None',
} as const;

type Metrics = Partial<Record<keyof typeof UNITS, number | number[]>>;

/** What the task of a generator writes to its log, here into a file that CloudWatch's agent reads. */
export const cloudwatch: Output = {
  kind: 'cloudwatch',
  example: 'cloudwatch=/var/log/plimsoll.emf',
  usual: '',
  open: ({ text }) => ({
    destination: { by: 'file', name: 'live.emf', ...(text !== '' && { path: text }) },
    encoder: { second: (live) => [emfLine(live)] },
  }),
};

/**
 * One second as a line of CloudWatch's embedded metric format, at a resolution of a second ("CloudWatch embedded metric format
 * specification": `_aws.CloudWatchMetrics`, storage resolution 1).
 */
export function emfLine(worker: WorkerSecond): string {
  const { environment, phase, share, second } = worker;
  const values = metricsOf(worker);
  const Metrics = Object.keys(values).map((Name) => ({
    Name,
    Unit: UNITS[Name as keyof typeof UNITS],
    StorageResolution: 1,
  }));
  const line = {
    _aws: {
      Timestamp: Math.round(phase.startAtMs + second * 1000),
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['Environment']], Metrics }],
    },
    Environment: environment,
    Worker: share.index,
    ...values,
  };
  return JSON.stringify(line);
}

function metricsOf({ interval, phase, share }: WorkerSecond): Metrics {
  const { arrivals, generator, startDelay, userUs } = interval;
  const eventLoopUs = valueAt(generator.eventLoopDelay, 100);
  return {
    Phase: phase.number + 1,
    // Shares are equal but for one user, and the signal takes the largest of the workers' figures: so each is the whole's.
    Users: Math.round((userUs / 1e6) * share.of),
    ArrivalsDue: arrivals.due,
    ArrivalsDropped: arrivals.dropped,
    RequestsOk: allSteps(interval).ledger.ok,
    ...(startDelay.totalCount > 0 && { StartDelayUs: hundredths(startDelay) }),
    ...(Number.isFinite(eventLoopUs) && { EventLoopDelayUs: eventLoopUs }),
    ...(generator.wallUs > 0 && { GeneratorCpuRatio: generator.busiestRatio }),
  };
}
