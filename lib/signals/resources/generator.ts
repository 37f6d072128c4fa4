import { formula, loadTestMetric } from '../cloudwatch/cloud.ts';
import { promql } from '../prometheus/promql.ts';
import { never } from '../scrape.ts';
import type { Promql, Signal } from '../signal.ts';

/** Plimsoll sends once a second, so that a shorter time holds too few samples. */
const SHORTEST_SECONDS = 5;

/** What Plimsoll sends, which belongs to no job of the system. */
const ofPlimsoll =
  (part: Promql): Promql =>
  (scope) =>
    part({ ...scope, where: '', windowSeconds: Math.max(SHORTEST_SECONDS, scope.windowSeconds) });

export const generator: readonly Signal[] = [
  /** Arrivals due a second, by plan. */
  {
    id: 'load-test.offered',
    title: 'Offered load',
    unit: 'perSecond',
    kind: 'traffic',
    exported: ofPlimsoll(promql.rate('plimsoll_arrivals_total{result="due"}')),
    read: never,
    cloud: {
      reading: formula('n / PERIOD(n)', { n: loadTestMetric('ArrivalsDue', 'Sum') }),
      drawn: { on: 'load-test', graph: 'Offered against carried' },
    },
  },
  /** Successful replies a second, as the generator counted them. */
  {
    id: 'load-test.carried',
    title: 'Carried load',
    unit: 'perSecond',
    kind: 'traffic',
    exported: ofPlimsoll(promql.rate('plimsoll_requests_total{outcome="ok"}')),
    read: never,
    cloud: {
      reading: formula('n / PERIOD(n)', { n: loadTestMetric('RequestsOk', 'Sum') }),
      drawn: { on: 'load-test', graph: 'Offered against carried' },
    },
  },
  /** Arrivals a second that the generator could not start in time. */
  {
    id: 'load-test.dropped',
    title: 'Dropped arrivals',
    unit: 'perSecond',
    kind: 'errors',
    accuses: 'generator',
    exported: ofPlimsoll(promql.rate('plimsoll_arrivals_total{result="dropped"}')),
    read: never,
    cloud: {
      reading: formula('n / PERIOD(n)', { n: loadTestMetric('ArrivalsDropped', 'Sum') }),
      drawn: { on: 'load-test', graph: 'Dropped arrivals' },
    },
  },
  /** Users or arrivals under way. */
  {
    id: 'load-test.users',
    title: 'Users under way',
    unit: 'count',
    kind: 'traffic',
    exported: ofPlimsoll(promql.gauge('plimsoll_users')),
    read: never,
    cloud: {
      reading: loadTestMetric('Users', 'Maximum'),
      drawn: { on: 'load-test', graph: 'Users' },
    },
  },
  /** The number of the phase under way, from 1: the steps of this line are the phase bands. */
  {
    id: 'load-test.phase',
    title: 'Phase',
    unit: 'count',
    kind: 'traffic',
    exported: ofPlimsoll(promql.by('run, plan, phase', promql.gauge('plimsoll_run_info'))),
    read: never,
    cloud: {
      reading: loadTestMetric('Phase', 'Maximum'),
      drawn: { on: 'load-test', graph: 'Phase' },
    },
  },
  /** How late requests left the generator: its own lateness, which is no part of the service's time. */
  {
    id: 'load-test.start-delay',
    title: 'Start delay p99',
    unit: 'us',
    kind: 'saturation',
    accuses: 'generator',
    limit: { above: 50_000 },
    exported: ofPlimsoll(promql.times(1e6, promql.quantile(0.99, 'plimsoll_start_delay_seconds'))),
    read: never,
    cloud: {
      reading: loadTestMetric('StartDelayUs', 'p99'),
      drawn: { on: 'load-test', graph: 'Start delay' },
      alarm: {
        id: 'generator-late',
        severity: 'notice',
        limit: { above: 50_000 },
        forMinutes: 2,
        ofMinutes: 3,
        missing: 'notBreaching',
        meaning:
          'The load generator starts requests too late; what it measures now says more about itself than about the service.',
        lookAt: [
          'Generator CPU: is a worker at its limit? Use more workers.',
          'Dropped arrivals: is the plan asking for more than the workers can start?',
          'Was a generator task on Spot interrupted?',
        ],
      },
    },
  },
  /** CPU of the busiest generator thread. */
  {
    id: 'load-test.generator-cpu',
    title: 'Generator CPU',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'generator',
    limit: { above: 0.85 },
    exported: ofPlimsoll(promql.gauge('plimsoll_generator_cpu_ratio')),
    read: never,
    cloud: {
      reading: loadTestMetric('GeneratorCpuRatio', 'Maximum'),
      drawn: { on: 'load-test', graph: 'Generator CPU' },
    },
  },
  /** Event-loop delay of the slowest generator thread. */
  {
    id: 'load-test.event-loop',
    title: 'Generator event-loop delay',
    unit: 'us',
    kind: 'saturation',
    accuses: 'generator',
    read: never,
    cloud: {
      reading: loadTestMetric('EventLoopDelayUs', 'Maximum'),
      drawn: { on: 'load-test', graph: 'Generator event loop' },
    },
  },
];
