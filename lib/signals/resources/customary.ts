import { firstOf, fullest, gauge, rate, ratio, share, times, where } from '../scrape.ts';
import type { Reading } from '../signal.ts';

/*
 * What services name by themselves, for which no library has names: by the words that stand in such names, as Prometheus' naming
 * practice has them (what it is of, what is measured, its unit). Each is read only where none of the known names is there.
 * Source: https://prometheus.io/docs/practices/naming/
 */

const DATABASE =
  '(?:.*_)?(?:db|database|sql|pg|postgres|postgresql|mysql|mongodb|sqlalchemy|asyncpg|psycopg|knex|typeorm|sequelize|sqlx|ecto|repo|active_?record|hikari|agroal|dbcp|c3p0|jdbc|npgsql|slonik|deadpool|bb8|r2d2|gorm)';
const CONNECTIONS = `(?!pg_(?!pool)|.*(?:lock|http|client|thread|redis|cache))(?:${DATABASE}|(?:.*_)?(?:conn|connection|connections)_pool)`;
const WORKERS = '(?:.*_)?(?:worker|workers|executor|threadpool|thread_pool)';
/** Not of a client's pool of connections, which has hits and misses of its own. */
const CACHE = '(?!.*pool)(?:.*_)?(?:cache|redis|memcached)';
const OTHERS =
  '(?!.*(?:db|sql|pool|redis|cache))(?:.*_)?(?:downstream|upstream|outbound|outgoing|egress|external|remote|third_party|partner|dependency|provider|client|(?!api|cloud|http)[a-z]+_gateway)';
const LOOP = '(?!nodejs_)(?:.*_)?(?:event_?loop|asyncio|reactor|loop)_(?:.*_)?(?:lag|delay|latency)';
const TIME = '(?:duration|latency|time|handling)_';
const SECONDS = '(?:seconds)';
const MILLISECONDS = '(?:milliseconds|millis|ms)';

const named = (pattern: string, labels = ''): string => `{__name__=~"${pattern}"${labels}}`;

/** What a service calls the requests that it answers; not those that it sends, nor its dependencies' and its own scrapes. */
const SERVED =
  '(?!.*(?:db|sql|query|pool|cache|redis|downstream|upstream|outbound|outgoing|egress|external|remote|third_party|partner|client|provider|scrape|gc|metric))(?:.*_)?(?:http|request|requests|api|server|handler|endpoint|view|response)_(?:.*_)?';

const STATEMENTS =
  '(?!.*(?:pool|wait|acquire|connect|queue))(?:' + DATABASE + '|(?:.*_)?(?:query|queries|statement))_(?:.*_)?' + TIME;
const WAITS = `${CONNECTIONS}_(?:.*_)?(?:wait|acquire|checkout)_(?:(?:duration|time|latency)_)?`;

const meanNamed = (pattern: string): Reading => ratio(rate(named(`${pattern}_sum`)), rate(named(`${pattern}_count`)));

/** Of names that end in a time: the seconds that they count in a second, be it in seconds as it should be, or in milliseconds. */
const loadTimed = (pattern: string): Reading =>
  firstOf(rate(named(`${pattern}${SECONDS}_sum`)), times(1e-3, rate(named(`${pattern}${MILLISECONDS}_sum`))));
const meanTimed = (pattern: string): Reading =>
  firstOf(meanNamed(`${pattern}${SECONDS}`), times(1e-3, meanNamed(`${pattern}${MILLISECONDS}`)));
const countTimed = (pattern: string): Reading => rate(named(`${pattern}(?:${SECONDS}|${MILLISECONDS})_count`));

/** Labels under which a call's end stands, by custom; those of OpenTelemetry and of gRPC among them. */
const ENDS = [
  'code',
  'status',
  'status_code',
  'http_status_code',
  'http_response_status_code',
  'grpc_code',
  'grpc_status',
  'rpc_grpc_status_code',
  'outcome',
  'result',
];
/** Of gRPC, those by which a server has failed, and no request was wrong. Source: gRPC, "Status codes and their use in gRPC". */
const FAILED_IN_GRPC = 'Unknown|DeadlineExceeded|ResourceExhausted|Internal|Unavailable|DataLoss';
const FAILED = `5..|5xx|(?:.*_)?(?:error|failed|failure|timeout|exception)|${FAILED_IN_GRPC}`;

/** The share of calls that failed, by the first of the labels that the counter has. */
const failedNamed = (pattern: string): Reading =>
  firstOf(
    ...ENDS.map((label) => {
      const ended = named(pattern, `,${label}!=""`);
      return where(ended, share(named(pattern, `,${label}=~"${FAILED}"`), ended));
    }),
  );

const CALLS = `${OTHERS}_(?:.*_)?(?:requests_total|calls_total|${TIME}(?:${SECONDS}|${MILLISECONDS})_count)`;

export const customary = {
  poolUse: fullest(
    named(`${CONNECTIONS}_(?:.*_)?(?:in_use|used|active|busy|checked_out|acquired)(?:_connections)?`),
    named(`${CONNECTIONS}_(?:.*_)?(?:max|limit|capacity|max_size|max_open|max_connections|max_open_connections)`),
  ),
  /** Of pools that say how large they are and not how large they may be: the usual ones have one size. */
  poolFilled: fullest(
    named(`${CONNECTIONS}_(?:.*_)?(?:in_use|used|active|busy|checked_out|checkedout|acquired)(?:_connections)?`),
    named(`${CONNECTIONS}_(?:pool_)?size`),
  ),
  poolWaiting: gauge(
    named(
      `${CONNECTIONS}_(?:.*_)?(?:waiting|waiters|pending|queued)(?:_(?:requests|clients|connections|acquires|count))?`,
    ),
  ),
  poolTimeouts: rate(named(`${CONNECTIONS}_(?:pool_)?(?:.*_)?time_?outs?_total`)),
  poolWaitTime: meanTimed(WAITS),
  poolWaitLoad: loadTimed(WAITS),
  statementTime: meanTimed(STATEMENTS),
  statementLoad: loadTimed(STATEMENTS),
  statementRate: countTimed(STATEMENTS),
  serviceTime: meanTimed(`${SERVED}${TIME}`),
  /** Loops of Python and of others that no library watches unasked; the process' own timer says how late it fired. */
  loopDelay: firstOf(
    gauge(named(`${LOOP}(?:_(?:p99|max|last))?_seconds`)),
    times(1e-3, gauge(named(`${LOOP}(?:_(?:p99|max|last))?_(?:milliseconds|ms)`))),
    meanNamed(`${LOOP}_seconds`),
  ),
  workerUse: fullest(
    named(`${WORKERS}s?_(?:.*_)?(?:busy|active|in_use)(?:_threads|_workers)?`),
    named(`${WORKERS}s?_(?:.*_)?(?:max|size|limit|capacity|max_threads|max_workers)`),
  ),
  workerQueue: gauge(
    named(
      `(?!executor_queued_tasks)${WORKERS}_(?:.*_)?(?:queue|queued|backlog|pending|waiting)(?:_(?:depth|length|size|tasks|jobs|requests))?`,
    ),
  ),
  replySize: meanNamed('(?!.*(?:request|client|cache|redis))(?:.*_)?(?:response|reply|body)_(?:.*_)?(?:size_)?bytes'),
  cacheHits: firstOf(
    ratio(rate(named(`${CACHE}_(?:.*_)?hits_total`)), rate(named(`${CACHE}_(?:.*_)?(?:hits|misses)_total`))),
    where(
      named(`${CACHE}_(?:.*_)?total`, ',result="hit"'),
      share(named(`${CACHE}_(?:.*_)?total`, ',result="hit"'), named(`${CACHE}_(?:.*_)?total`, ',result!=""')),
    ),
  ),
  cacheLookups: rate(named(`${CACHE}_(?:.*_)?(?:hits|misses)_total`)),
  cacheErrors: rate(named(`(?!.*scrape)${CACHE}_(?:.*_)?(?:errors?|fails?|failed|failures?|timeouts?)_total`)),
  downstreamTime: meanTimed(`${OTHERS}_(?:.*_)?${TIME}`),
  downstreamLoad: loadTimed(`${OTHERS}_(?:.*_)?${TIME}`),
  downstreamCalls: rate(named(CALLS)),
  downstreamFailed: failedNamed(CALLS),
  downstreamRetried: ratio(
    rate(named('(?:.*_)?(?:retries|retry|retried)(?:_.*)?_total')),
    firstOf(rate(named(`${OTHERS}_(?:.*_)?requests_total`)), rate(named(CALLS))),
  ),
} as const;
