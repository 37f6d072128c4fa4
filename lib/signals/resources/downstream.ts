import { firstOf, gauge, greatest, mean, rate, share, times } from '../scrape.ts';
import type { Signal } from '../signal.ts';
import { customary } from './customary.ts';

/** The downstream service, as the service sees it. */
export const downstream: readonly Signal[] = [
  /** Mean duration of calls to the downstream service; half a second is all that a caller's own p99 objective allows. */
  {
    id: 'downstream.time',
    title: 'Downstream time, mean',
    unit: 'us',
    kind: 'saturation',
    accuses: 'downstream.latency',
    limit: { above: 500_000 },
    read: times(
      1e6,
      firstOf(
        mean('downstream_request_duration_seconds'),
        mean('http_client_request_duration_seconds'), // OpenTelemetry
        mean('http_client_requests_seconds'), // Micrometer
        mean('httpclient_request_duration_seconds'), // prometheus-net
        mean('okhttp_requests_seconds'), // Micrometer, by the client's library
        mean('httpcomponents_httpclient_request_seconds'),
        mean('reactor_netty_http_client_response_time_seconds'),
        customary.downstreamTime,
      ),
    ),
  },
  /** Calls that were begun and not ended, on average: the growth of their durations in a second (Little 1961). */
  {
    id: 'downstream.in-flight',
    title: 'Downstream calls under way',
    unit: 'count',
    kind: 'traffic',
    read: firstOf(
      rate('downstream_request_duration_seconds_sum'),
      rate('http_client_request_duration_seconds_sum'), // OpenTelemetry
      rate('http_client_requests_seconds_sum'), // Micrometer
      rate('httpclient_request_duration_seconds_sum'), // prometheus-net
      rate('okhttp_requests_seconds_sum'),
      rate('httpcomponents_httpclient_request_seconds_sum'),
      rate('reactor_netty_http_client_response_time_seconds_sum'),
      customary.downstreamLoad,
      gauge('client_in_flight_requests'), // client_golang, as promhttp's example of a client names it
    ),
  },
  /** Calls that ended, each try of its own. */
  {
    id: 'downstream.calls',
    title: 'Downstream calls',
    unit: 'perSecond',
    kind: 'traffic',
    read: firstOf(
      rate('downstream_request_duration_seconds_count'),
      rate('http_client_request_duration_seconds_count'), // OpenTelemetry
      rate('http_client_requests_seconds_count'), // Micrometer
      rate('httpclient_request_duration_seconds_count'), // prometheus-net
      rate('okhttp_requests_seconds_count'),
      rate('httpcomponents_httpclient_request_seconds_count'),
      rate('reactor_netty_http_client_response_time_seconds_count'),
      rate('client_api_requests_total'),
      customary.downstreamCalls,
    ),
  },
  /**
   * Share of the calls to downstream services that failed. Beyond 1 % it alone breaks the objective of a plan that names none
   * (errors < 1%), where every request makes one call.
   */
  {
    id: 'downstream.failed',
    title: 'Downstream calls failed',
    unit: 'ratio',
    kind: 'errors',
    accuses: 'downstream.errors',
    limit: { above: 0.01 },
    // Each counts failures by labels of its own, and shows none where they stand elsewhere.
    read: greatest(
      share('downstream_request_duration_seconds_count{outcome=~"error|timeout"}'),
      share('http_client_request_duration_seconds_count{error_type!=""}'), // OpenTelemetry
      share('http_client_request_duration_seconds_count{http_response_status_code=~"5.."}'), // its instrumentation of Go, which sets no error_type
      share('http_client_requests_seconds_count{outcome=~"SERVER_ERROR|UNKNOWN"}'), // Micrometer
      share('httpclient_request_duration_seconds_count{code=~"5.."}'), // prometheus-net
      share('okhttp_requests_seconds_count{status=~"5..|IO_ERROR|CANCELED"}'),
      share('httpcomponents_httpclient_request_seconds_count{outcome=~"SERVER_ERROR|UNKNOWN"}'),
      share('reactor_netty_http_client_response_time_seconds_count{status=~"5.."}'),
      share('client_api_requests_total{code=~"5.."}'), // client_golang, as promhttp's example of a client names it
      share('resilience4j_circuitbreaker_calls_seconds_count{kind="failed"}'),
      customary.downstreamFailed,
    ),
  },
  /** Share of the calls that needed another try. A retry budget of 10 % is what Google's clients hold to (SRE book, chapter 21). */
  {
    id: 'downstream.retried',
    title: 'Downstream calls retried',
    unit: 'ratio',
    kind: 'errors',
    accuses: 'retry-storm',
    limit: { above: 0.1 },
    read: firstOf(
      share('resilience4j_retry_calls_total{kind=~"(?:successful|failed)_with_retry"}'),
      customary.downstreamRetried,
    ),
  },
];
