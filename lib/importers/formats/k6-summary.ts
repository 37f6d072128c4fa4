import type { GivenTimes } from '../../measure/given.ts';
import { emptyArrivals, type ArrivalLedger } from '../../measure/ledger.ts';
import type { GivenGroup } from '../../measure/provenance.ts';
import { ledgerOfCounts } from '../building/ledger.ts';
import { k6CannotSay, k6Times } from '../building/k6-requests.ts';
import type { Imported, Importer } from '../reading/importer.ts';
import { countAt, has, listOf, numberAt, objectOf, stringAt, under, type JsonObject } from '../reading/json.ts';
import { toUs } from '../reading/units.ts';

/** `--summary-export`, what `handleSummary` gets, and `--new-machine-readable-summary`: the same metrics in three shapes. */
export const k6Summary: Importer = {
  name: 'k6 summary',
  takes: 'document',
  recognises: ({ json }) => {
    const metrics = metricsOf(json);
    return ['http_reqs', 'http_req_duration', 'iterations'].some((name) => Object.hasOwn(metrics, name));
  },
  read: ({ json }) => read(json, metricsOf(json)),
};

/** Metrics by name, each with its values beside each other. */
function metricsOf(json: unknown): Readonly<Record<string, JsonObject>> {
  const list = listOf(under(json, 'results', 'metrics'));
  const entries =
    list.length > 0
      ? list.map((each) => [stringAt(each, 'name') ?? '', each] as const)
      : Object.entries(objectOf(under(json, 'metrics')));
  return Object.fromEntries(
    entries.map(([name, each]) => [name, has(each, 'values') ? objectOf(under(each, 'values')) : objectOf(each)]),
  );
}

type Metrics = Readonly<Record<string, JsonObject>>;

function read(json: unknown, metrics: Metrics): Imported {
  const total = totalOf(metrics);
  const dropped = countAt(metrics, 'dropped_iterations', 'count');
  const users = numberAt(metrics, 'vus_max', 'max');
  const version = stringAt(json, 'metadata', 'k6_version') ?? stringAt(json, 'metadata', 'k6Version');
  return {
    tool: 'k6',
    ...(version !== undefined && { version }),
    evidence: 'summary',
    times: k6Times,
    model: dropped > 0 ? 'open' : 'unknown',
    ...(users > 0 && { load: `at most ${users} users` }),
    total,
    ...secondsOf(json, metrics),
    ...arrivalsOf(metrics, dropped),
    beside: besides(metrics, total),
    cannotSay: [...k6CannotSay, 'It does not say which requests these were, when in the run, and why they failed.'],
    remarks: thresholdsOf(json, metrics),
  };
}

/** In flat summaries `passes` of `http_req_failed` counts the requests that failed, and in machine-readable ones `matches`. */
function totalOf(metrics: Metrics): GivenGroup {
  const sent = countAt(metrics, 'http_reqs', 'count');
  const passes = firstNumber(metrics, 'http_req_failed', ['passes', 'matches']);
  const ratio = firstNumber(metrics, 'http_req_failed', ['rate', 'value']);
  const failed = Number.isFinite(passes) ? passes : Math.round((Number.isFinite(ratio) ? ratio : 0) * sent);
  const times = timesOf(under(metrics, 'http_req_duration'), sent);
  return {
    name: 'all requests',
    ledger: ledgerOfCounts(sent, failed),
    ...(sent > 0 && times !== undefined && { times }),
  };
}

function timesOf(trend: unknown, count: number): GivenTimes | undefined {
  if (trend === undefined) return undefined;
  const ms = (name: string): number => toUs(numberAt(trend, name), 1e3);
  const named = Object.keys(objectOf(trend)).flatMap((name) => {
    const rank = /^p\(?(\d+(?:\.\d+)?)\)?$/.exec(name)?.[1];
    return rank === undefined ? [] : [[Number(rank), ms(name)] as const];
  });
  const ranks = [...(has(trend, 'med') ? [[50, ms('med')] as const] : []), ...named.filter(([rank]) => rank !== 50)];
  return {
    count,
    min: ms('min'),
    mean: ms('avg'),
    max: ms('max'),
    ranks: ranks.filter(([, us]) => Number.isFinite(us)).toSorted(([a], [b]) => a - b),
  };
}

/** The oldest form has no duration, but a count and its rate. */
function secondsOf(json: unknown, metrics: Metrics): Pick<Imported, 'seconds'> {
  const ms = numberAt(json, 'state', 'testRunDurationMs');
  const own = Number.isFinite(ms) ? ms / 1000 : numberAt(json, 'config', 'duration');
  if (own > 0) return { seconds: own };
  for (const name of ['http_reqs', 'iterations', 'data_sent']) {
    const [count, rate] = [numberAt(metrics, name, 'count'), numberAt(metrics, name, 'rate')];
    if (count > 0 && rate > 0) return { seconds: count / rate };
  }
  return {};
}

function arrivalsOf(metrics: Metrics, dropped: number): { arrivals?: ArrivalLedger } {
  const completed = countAt(metrics, 'iterations', 'count');
  if (completed + dropped === 0) return {};
  return { arrivals: { ...emptyArrivals(), due: completed + dropped, started: completed, dropped, completed } };
}

/** Submetrics such as `http_req_duration{name:login}` speak of a part of the requests. */
function besides(metrics: Metrics, { ledger }: GivenGroup): GivenGroup[] {
  return Object.entries(metrics).flatMap(([name, trend]) => {
    const tags = /^http_req_duration\{(.*)\}$/.exec(name)?.[1];
    if (tags === undefined) return [];
    const own = countAt(metrics, `http_reqs{${tags}}`, 'count');
    const count = tags === 'expected_response:true' ? ledger.ok : own;
    const failed = countAt(metrics, `http_req_failed{${tags}}`, 'passes');
    const times = timesOf(trend, count);
    return times === undefined || count === 0 ? [] : [{ name: tags, ledger: ledgerOfCounts(count, failed), times }];
  });
}

/** A threshold is `{ok: true}` where it held, and in the oldest form `true` where it was broken. */
function thresholdsOf(json: unknown, metrics: Metrics): string[] {
  const raw = objectOf(under(json, 'metrics'));
  return Object.keys(metrics).flatMap((metric) =>
    Object.entries(objectOf(under(raw, metric, 'thresholds'))).map(([expression, result]) => {
      const broken = typeof result === 'boolean' ? result : under(result, 'ok') === false;
      return `k6 judged ${metric} "${expression}": ${broken ? 'broken' : 'held'}.`;
    }),
  );
}

function firstNumber(metrics: Metrics, metric: string, names: readonly string[]): number {
  return names.map((name) => numberAt(metrics, metric, name)).find(Number.isFinite) ?? Number.NaN;
}
