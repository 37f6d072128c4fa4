import { SECONDS, balancerMetric, formula, quantity, targetsMetric } from '../cloudwatch/cloud.ts';
import { promql } from '../prometheus/promql.ts';
import * as replies from '../prometheus/replies.ts';
import { never } from '../scrape.ts';
import type { Signal } from '../signal.ts';

export const balancer: readonly Signal[] = [
  /** Successful replies a second: the service's TPS. */
  {
    id: 'balancer.throughput',
    title: 'Throughput',
    unit: 'perSecond',
    kind: 'traffic',
    exported: replies.ofService(replies.ofReplies('[23]..', promql.rate)),
    read: never,
    cloud: {
      reading: formula('(FILL(ok, 0) + FILL(redirected, 0)) / PERIOD(requests)', {
        ok: targetsMetric('HTTPCode_Target_2XX_Count', 'Sum'),
        redirected: targetsMetric('HTTPCode_Target_3XX_Count', 'Sum'),
        requests: targetsMetric('RequestCount', 'Sum'),
      }),
      drawn: { on: 'service', graph: 'Traffic' },
    },
  },
  /** Requests a second against the capacity that was measured last; without a measurement there is no such signal. */
  {
    id: 'balancer.capacity-use',
    title: 'Share of measured capacity',
    unit: 'ratio',
    kind: 'utilisation',
    accuses: 'balancer',
    limit: { above: 0.8 },
    exported: replies.ofService(promql.perQuantity(replies.ofReplies(replies.ANY, promql.rate), 'capacityPerSecond')),
    read: never,
    cloud: {
      reading: formula('requests / PERIOD(requests) / capacity', {
        requests: targetsMetric('RequestCount', 'Sum'),
        capacity: quantity('capacityPerSecond'),
      }),
      drawn: { on: 'service', graph: 'Share of measured capacity' },
      alarm: {
        id: 'tps-near-capacity',
        severity: 'notice',
        limit: { above: 0.8 },
        forMinutes: 5,
        ofMinutes: 5,
        missing: 'notBreaching',
        meaning:
          'Load is within a fifth of the highest that every objective was seen to hold at; a little more and users feel it.',
        lookAt: [
          'Is the traffic real? Compare request count with the same hour last week.',
          'Are tasks still being added, or is the service at its maximum (alarm tasks-at-maximum)?',
          'Which resource is nearest its own limit on the resources dashboard?',
        ],
      },
    },
  },
  /** Time until targets answered, as the balancer saw it. Half of the replies are faster. */
  {
    id: 'balancer.response-p50',
    title: 'Response time p50',
    unit: 'us',
    kind: 'saturation',
    exported: replies.ofService(replies.replyTime(0.5)),
    read: never,
    cloud: {
      reading: targetsMetric('TargetResponseTime', 'p50', SECONDS),
      drawn: { on: 'service', graph: 'Response time' },
    },
  },
  /** Time until targets answered, as the balancer saw it. The limit is the staging test plan's target. */
  {
    id: 'balancer.response-p95',
    title: 'Response time p95',
    unit: 'us',
    kind: 'saturation',
    limit: { above: 300_000 },
    exported: replies.ofService(replies.replyTime(0.95)),
    read: never,
    cloud: {
      reading: targetsMetric('TargetResponseTime', 'p95', SECONDS),
      drawn: { on: 'service', graph: 'Response time' },
    },
  },
  /**
   * Time until targets answered, as the balancer saw it. The limit is the staging test plan's target; the alarm waits for the
   * value at which that plan fails.
   */
  {
    id: 'balancer.response-p99',
    title: 'Response time p99',
    unit: 'us',
    kind: 'saturation',
    limit: { above: 500_000 },
    exported: replies.ofService(replies.replyTime(0.99)),
    read: never,
    cloud: {
      reading: targetsMetric('TargetResponseTime', 'p99', SECONDS),
      drawn: { on: 'service', graph: 'Response time' },
      alarm: {
        id: 'response-time-p99',
        severity: 'page',
        limit: { above: 600_000 },
        forMinutes: 3,
        ofMinutes: 5,
        missing: 'notBreaching',
        meaning: 'One request in a hundred takes longer than 600 ms, which fails the objective on response time.',
        lookAt: [
          'Did a deployment or a scaling event begin at the same minute?',
          'Is the database slow (database-latency, database-cpu) while the service has CPU left?',
          'Is the service out of CPU or tasks (cpu-high, tasks-at-maximum)?',
        ],
      },
    },
  },
  /**
   * 5xx replies of targets and balancer together, of all requests. RequestCount leaves out those for which no target could be chosen, which
   * end as 503 of the balancer: where there is no target at all it is silent, and every request fails.
   * Source: Elastic Load Balancing, "CloudWatch metrics for your Application Load Balancer", RequestCount and HTTPCode_ELB_503_Count.
   */
  {
    id: 'balancer.errors',
    title: 'Error ratio',
    unit: 'ratio',
    kind: 'errors',
    exported: replies.ofService(replies.failedReplies),
    read: never,
    cloud: {
      reading: formula(
        `IF(FILL(sent, 0) + FILL(turned, 0) >= ${replies.FEWEST_REQUESTS}, (FILL(target, 0) + FILL(balancer, 0)) / (FILL(sent, 0) + FILL(turned, 0)), 0)`,
        {
          target: targetsMetric('HTTPCode_Target_5XX_Count', 'Sum'),
          balancer: balancerMetric('HTTPCode_ELB_5XX_Count', 'Sum'),
          sent: balancerMetric('RequestCount', 'Sum'),
          turned: balancerMetric('HTTPCode_ELB_503_Count', 'Sum'),
        },
      ),
      drawn: { on: 'service', graph: 'Errors' },
      alarm: {
        id: 'error-rate',
        severity: 'page',
        limit: { above: 0.01 },
        forMinutes: 3,
        ofMinutes: 5,
        missing: 'notBreaching',
        meaning: 'More than one request in a hundred ends in a server error, which fails the objective on errors.',
        lookAt: [
          "Are the errors the balancer's (no healthy target) or the service's (graph Replies by status)?",
          'Filter the log group for ERROR since the first minute: timeouts, deadlocks, out of memory.',
          "Did a deployment begin just before? The circuit breaker rolls back by itself; see the service's events.",
        ],
      },
    },
  },
  /** 5xx replies a minute that the service itself gave. */
  {
    id: 'balancer.server-errors',
    title: '5xx of targets',
    unit: 'count',
    kind: 'errors',
    exported: replies.ofService(replies.ofReplies('5..', promql.increase)),
    read: never,
    cloud: {
      reading: targetsMetric('HTTPCode_Target_5XX_Count', 'Sum'),
      drawn: { on: 'service', graph: 'Replies by status' },
    },
  },
  /** 5xx replies a minute that the balancer gave for want of a target that answers: 502, 503, 504. */
  {
    id: 'balancer.own-errors',
    title: '5xx of the balancer',
    unit: 'count',
    kind: 'errors',
    read: never,
    cloud: {
      reading: balancerMetric('HTTPCode_ELB_5XX_Count', 'Sum'),
      drawn: { on: 'service', graph: 'Replies by status' },
    },
  },
  /** 4xx replies a minute: the clients' doing, or a broken contract after a deployment. */
  {
    id: 'balancer.client-errors',
    title: '4xx of targets',
    unit: 'count',
    kind: 'errors',
    exported: replies.ofService(replies.ofReplies('4..', promql.increase)),
    read: never,
    cloud: {
      reading: targetsMetric('HTTPCode_Target_4XX_Count', 'Sum'),
      drawn: { on: 'service', graph: 'Replies by status' },
    },
  },
];
