import { valueAt, type Histogram } from '../measure/histogram.ts';
import { allSteps, type Interval } from '../measure/interval.ts';
import type { Output, Publisher } from './output.ts';

/** The namespace and the names that the `cloud` readings of lib/signals/generator.ts have, with CloudWatch's units. */
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

/**
 * One second as a line of CloudWatch's embedded metric format, at a resolution of a second ("CloudWatch embedded metric format
 * specification": `_aws.CloudWatchMetrics`, storage resolution 1).
 */
export const emf: Output = (second, interval, publisher) => {
  const values = metricsOf(interval, publisher);
  const Metrics = Object.keys(values).map((Name) => ({
    Name,
    Unit: UNITS[Name as keyof typeof UNITS],
    StorageResolution: 1,
  }));
  const line = {
    _aws: {
      Timestamp: Math.round(publisher.startAtMs + second * 1000),
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['Environment']], Metrics }],
    },
    Environment: publisher.environment,
    Worker: publisher.share.index,
    ...values,
  };
  return [JSON.stringify(line)];
};

function metricsOf(interval: Interval, { phase, share }: Publisher): Metrics {
  const { arrivals, generator, startDelay, userUs } = interval;
  const eventLoopUs = valueAt(generator.eventLoopDelay, 100);
  return {
    Phase: phase + 1,
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

/**
 * The 1st to the 100th percentile: a metric takes 100 values at the most, and these have the same percentiles and the same
 * maximum as all.
 */
const hundredths = (histogram: Histogram): number[] =>
  Array.from({ length: Math.min(100, histogram.totalCount) }, (_, index, count = Math.min(100, histogram.totalCount)) =>
    valueAt(histogram, ((index + 1) / count) * 100),
  );
