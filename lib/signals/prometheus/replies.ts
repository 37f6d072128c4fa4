import type { Promql } from '../signal.ts';
import { promql } from './promql.ts';

const { by, firstOf, quantile, shareFrom, times } = promql;

/** A minute with fewer requests has no share of errors worth waking for: one of ten would be 10 %. */
export const FEWEST_REQUESTS = 20;

/** What users feel is asked of a service as a whole, over all of its instances. */
export const ofService = (part: Promql): Promql => by('job, namespace', part);

/** Histograms of the requests that a service answers, in seconds, by their usual names. */
const HISTOGRAMS = [
  'http_request_duration_seconds', // prom-client, client_golang and prometheus-client by custom; prometheus-net
  'http_server_requests_seconds', // Micrometer
  'http_server_request_duration_seconds', // OpenTelemetry
  'flask_http_request_duration_seconds',
  'django_http_requests_latency_seconds_by_view_method',
];

/** Counters of the same, and the label that holds a reply's status. */
const COUNTERS: readonly (readonly [counter: string, status: string])[] = [
  ...['status', 'code', 'status_code'].flatMap((status) => [
    ['http_request_duration_seconds_count', status] as const,
    ['http_requests_total', status] as const, // promhttp, prometheus-fastapi-instrumentator
  ]),
  ['http_requests_received_total', 'code'], // prometheus-net
  ['http_server_requests_seconds_count', 'status'],
  ['http_server_request_duration_seconds_count', 'http_response_status_code'],
  ['flask_http_request_duration_seconds_count', 'status'],
  ['django_http_responses_total_by_status_total', 'status'],
];

/** Of the replies whose status fits; where a service has several of these counters, as the first of them has it. */
export const ofReplies = (status: string, read: (metric: string) => Promql): Promql =>
  firstOf(...COUNTERS.map(([counter, label]) => read(`${counter}{${label}=~"${status}"}`)));

/** Any status; a counter without that label has none. */
export const ANY = '.+';

/** What counts its replies, or did so within the last hour: a service, and none of the exporters beside it. */
export const isService: Promql = ofReplies(ANY, promql.seen);

/** A quantile of the time until a reply, in µs. */
export const replyTime = (quantileShare: number): Promql =>
  times(1e6, firstOf(...HISTOGRAMS.map((name) => quantile(quantileShare, name))));

/** 5xx of all replies; 0 in a window with too few of them. */
export const failedReplies: Promql = firstOf(
  ...COUNTERS.map(([counter, label]) =>
    shareFrom(FEWEST_REQUESTS, `${counter}{${label}=~"5.."}`, `${counter}{${label}=~"${ANY}"}`),
  ),
);
