import { PlimsollError } from '../../errors.ts';
import type { GivenTimes } from '../../measure/given.ts';
import { emptyArrivals, type ArrivalLedger, type Ledger } from '../../measure/ledger.ts';
import type { GivenGroup, TimeDefinition } from '../../measure/provenance.ts';
import type { SampleCollector } from '../building/collector.ts';
import { addOutcome, ledgerOf } from '../building/ledger.ts';
import { failureOf, outcomeOfStatus } from '../reading/failure.ts';
import type { GivenPoint, Imported, Importer } from '../reading/importer.ts';
import { counted, formatNumber } from '../../units.ts';
import { countAt, has, listOf, numberAt, objectOf, under } from '../reading/json.ts';
import { toUs } from '../reading/units.ts';

/** From the moment at which the request was written to the first byte of its reply (core/lib/engine_http.js); a DDSketch of 1 %. */
const TIMES: TimeDefinition = {
  from: 'sending',
  to: 'first-byte',
  connect: false,
  failed: 'replies',
  stepUs: 100,
  stepRatio: 0.01,
};

const CANNOT_SAY = [
  'Its percentiles of 10 s can’t be merged, so those of the whole run are the tool’s own.',
  'A redirect counts as a request of its own.',
];

/** `artillery run -o`, from 1.6 on: totals, and the same every 10 s. */
export const artillery: Importer = {
  name: 'Artillery report',
  takes: 'document',
  recognises: ({ json }) =>
    has(json, 'aggregate') &&
    has(json, 'intermediate') &&
    (has(json, 'aggregate', 'counters') || has(json, 'aggregate', 'codes')),
  // The last of the old shape have counters too, those of the script.
  read: ({ json }, samples) => (has(json, 'aggregate', 'codes') ? readOld(json, samples) : readNew(json)),
};

/** Early builds of 2.0 have a prefix: `engine.http.requests`, `core.vusers.created`. */
const plain = (name: string): string => name.replace(/^(?:engine|core)\./, '');

const renamed = (value: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(objectOf(value)).map(([name, each]) => [plain(name), each]));

function readNew(json: unknown): Imported {
  const aggregate = under(json, 'aggregate');
  const counters = renamed(under(aggregate, 'counters'));
  refuseWithoutHttp(counters);
  const [startMs, endMs] = spanOf(aggregate);
  const { ledger, remarks } = ledgerOfCounters(counters);
  const total: GivenGroup = { name: 'all requests', ledger, ...timesIn(aggregate, 'http.response_time') };
  return {
    tool: 'Artillery',
    evidence: 'summary',
    times: TIMES,
    model: 'open',
    load: `${countAt(counters, 'vusers.created')} users created`,
    ...(endMs > startMs && { startedAtMs: startMs, seconds: (endMs - startMs) / 1000 }),
    total,
    groups: endpoints(aggregate, counters),
    arrivals: arrivalsOf(counters),
    points: listOf(under(json, 'intermediate')).flatMap((each) => pointOf(each, startMs) ?? []),
    cannotSay: CANNOT_SAY,
    remarks,
  };
}

/** Other engines count what is no request: pages of a browser, messages of a WebSocket. Their errors would pass for those of requests. */
function refuseWithoutHttp(counters: Counters): void {
  if (Object.keys(counters).some((name) => name === 'http.requests' || name.startsWith('http.codes.'))) return;
  throw new PlimsollError(
    'E-IMPORT-UNKNOWN',
    'It is a report of Artillery that counts no HTTP request: what its other engines measure is not imported.',
  );
}

const spanOf = (period: unknown): readonly [number, number] => [
  Math.min(...['firstCounterAt', 'firstMetricAt'].map((key) => numberAt(period, key)).filter(Number.isFinite)),
  Math.max(...['lastCounterAt', 'lastMetricAt'].map((key) => numberAt(period, key)).filter(Number.isFinite)),
];

type Counters = Readonly<Record<string, unknown>>;

/** Replies and errors below `prefix`, such as `plugins.metrics-by-endpoint./items.`. */
function outcomesIn(counters: Counters, prefix: string): { replies: Ledger; errors: (readonly [string, number])[] } {
  const codes = `${prefix === '' ? 'http.' : prefix}codes.`;
  const replies = ledgerOf([]);
  const errors: (readonly [string, number])[] = [];
  for (const name of Object.keys(counters)) {
    const count = countAt(counters, name);
    const status = name.startsWith(codes) ? Number(name.slice(codes.length)) : Number.NaN;
    if (status > 0) addOutcome(replies, outcomeOfStatus(status), count);
    else if (name.startsWith(`${prefix}errors.`)) errors.push([name.slice(prefix.length + 7), count]);
  }
  return { replies, errors };
}

function ledgerOfEndpoint(counters: Counters, prefix: string): Ledger {
  const { replies, errors } = outcomesIn(counters, prefix);
  for (const [name, count] of errors) addOutcome(replies, failureOf(name), count);
  return replies;
}

/** Whether an error may be one of the script, such as `Failed capture or match`: it has no name of Node's. */
const isOfScript = (name: string): boolean =>
  failureOf(name).startsWith('error:') && !/^(?:E|HPE_|ERR_|UND_ERR_)[A-Z\d_]+$/.test(name);

/** Errors of its script are counted like those of requests, whose replies are counted as well: then there are more ends than requests. */
function ledgerOfCounters(counters: Counters): { ledger: Ledger; remarks: string[] } {
  const { replies: ledger, errors } = outcomesIn(counters, '');
  const requests = countAt(counters, 'http.requests');
  const isBeyond = errors.reduce((sum, [, count]) => sum + count, ledger.sent) > requests;
  let ofScript = 0;
  for (const [name, count] of errors) {
    if (isBeyond && isOfScript(name)) ofScript += count;
    else addOutcome(ledger, failureOf(name), count);
  }
  const remarks = [];
  if (ofScript > 0)
    remarks.push(`${counted(ofScript, 'error')} of its script, such as a failed capture, are no requests.`);
  if (ledger.sent > requests)
    remarks.push(
      `It counts ${counted(requests, 'request')}, and ${formatNumber(ledger.sent)} replies and errors of requests.`,
    );
  // Requests that neither a reply nor an error has ended were under way when the test ended.
  addOutcome(ledger, 'cut', requests - ledger.sent);
  return { ledger, remarks };
}

function timesIn(period: unknown, name: string): { times?: GivenTimes } {
  const summaries = renamed(under(period, 'summaries') ?? under(period, 'histograms'));
  const summary = under(summaries, name);
  const times = summary === undefined ? undefined : timesOf(summary, numberAt(summary, 'count'));
  return times === undefined ? {} : { times };
}

const RANKS = [
  ['p50', 50],
  ['median', 50],
  ['p75', 75],
  ['p90', 90],
  ['p95', 95],
  ['p99', 99],
  ['p999', 99.9],
] as const;

function timesOf(summary: unknown, count: number): GivenTimes | undefined {
  const ms = (name: string): number => toUs(numberAt(summary, name), 1e3);
  const ranks = RANKS.map(([name, rank]) => [rank, ms(name)] as const).filter(([, us]) => Number.isFinite(us));
  if (count === 0 || ranks.length === 0) return undefined;
  return { count, min: ms('min'), mean: ms('mean'), max: ms('max'), ranks: [...new Map(ranks)] };
}

/** What the plugin metrics-by-endpoint counts by name. */
function endpoints(aggregate: unknown, counters: Readonly<Record<string, unknown>>): GivenGroup[] {
  const plugin = 'plugins.metrics-by-endpoint.';
  const names = new Set(
    Object.keys(counters).flatMap((name) =>
      name.startsWith(plugin) ? name.slice(plugin.length).replace(/\.codes\.\d+$|\.errors\..*$/, '') : [],
    ),
  );
  return Array.from(names, (name) => ({
    name,
    ledger: ledgerOfEndpoint(counters, `${plugin}${name}.`),
    ...timesIn(aggregate, `${plugin}response_time.${name}`),
  })).filter(({ ledger }) => ledger.sent > 0);
}

/** Users that a script has failed are abandoned arrivals; those above `maxVusers` never started. */
function arrivalsOf(counters: unknown): ArrivalLedger {
  const count = (name: string): number => countAt(counters, `vusers.${name}`);
  const [started, dropped] = [count('created'), count('skipped')];
  const completed = Math.min(started, count('completed'));
  const abandoned = Math.min(started - completed, count('failed'));
  return {
    ...emptyArrivals(),
    due: started + dropped,
    started,
    dropped,
    completed,
    abandoned,
    cut: started - completed - abandoned,
  };
}

const PERIOD_SECONDS = 10;

function pointOf(period: unknown, startMs: number): GivenPoint | undefined {
  const atMs = numberAt(period, 'period');
  if (!Number.isFinite(atMs) || !Number.isFinite(startMs)) return undefined;
  const { ledger } = ledgerOfCounters(renamed(under(period, 'counters')));
  const from = Math.max(0, (atMs - startMs) / 1000);
  const seconds = (atMs - startMs) / 1000 + PERIOD_SECONDS - from;
  return seconds > 0 ? { atSeconds: from, seconds, ledger, ...timesIn(period, 'http.response_time') } : undefined;
}

/** The shape of 1.x: `codes`, `errors`, `latency`; until 1.5 each period holds its requests: `[epoch ms, id, ns, code]`. */
function readOld(json: unknown, samples: SampleCollector): Imported {
  addLatencies(json, samples);
  const aggregate = under(json, 'aggregate');
  const outcomes = [
    ...Object.entries(objectOf(under(aggregate, 'codes'))).map(
      ([code, count]) => [outcomeOfStatus(Number(code)), Number(count)] as const,
    ),
    ...Object.entries(objectOf(under(aggregate, 'errors'))).map(
      ([name, count]) => [failureOf(name), Number(count)] as const,
    ),
  ];
  const ledger = ledgerOf(outcomes);
  addOutcome(
    ledger,
    'cut',
    countAt(aggregate, 'requestsCompleted') === 0 ? 0 : countAt(aggregate, 'requests') - ledger.sent,
  );
  const times = timesOf(under(aggregate, 'latency'), ledger.ok + ledger.failed);
  const counts = (name: string): number => countAt(aggregate, name);
  const rate = numberAt(aggregate, 'rps', 'mean');
  return {
    tool: 'Artillery',
    evidence: samples.isEmpty ? 'summary' : 'samples',
    times: TIMES,
    model: 'open',
    load: `${counts('scenariosCreated')} users created`,
    ...(rate > 0 && { seconds: numberAt(aggregate, 'rps', 'count') / rate }),
    total: { name: 'all requests', ledger, ...(times !== undefined && { times }) },
    arrivals: arrivalsOf({
      'vusers.created': counts('scenariosCreated'),
      'vusers.completed': counts('scenariosCompleted'),
      'vusers.skipped': counts('scenariosAvoided'),
    }),
    cannotSay: CANNOT_SAY,
  };
}

function addLatencies(json: unknown, samples: SampleCollector): void {
  for (const period of listOf(under(json, 'intermediate')))
    for (const row of listOf(under(period, 'latencies'))) {
      const [ms, , ns, code] = listOf(row).map(Number);
      if (ms !== undefined && ns !== undefined && code !== undefined)
        samples.add(samples.step('all requests'), ms * 1000 - ns / 1000, ns / 1000, outcomeOfStatus(code));
    }
}
