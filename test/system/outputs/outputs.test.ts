import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../../target/stack/free-port.ts';
import type { Summary } from '../../../lib/report/summary.ts';
import { readOtlp, type OtlpPoint } from '../../lib/outputs/otlp-reader.ts';
import { Started } from '../../../bin/local/started.ts';
import { CommandLine, Workplace, type Ended } from '../command-line.ts';
import { countsIn, countsOfStatsd, keyOf, p99Of, pointsInJson, sums, type Counts } from './counts.ts';
import { installed, listen, listenForDatagrams, startCollector, startInflux, startPrometheus } from './receivers.ts';

/** One run with every output at once, each to a real receiver where there is one, and to two that fail in their ways. */
const PROMETHEUS = installed('prometheus', 'apt install prometheus');
const INFLUX = installed('influxd', 'apt install influxdb');
const COLLECTOR = installed('otelcol', "OpenTelemetry's collector with the receiver otlp and the exporter file");

const PASSWORD = 'hush-of-influx';
const TOKEN = 'hush-of-a-token';

const started = new Started();
const start = async <Part extends AsyncDisposable>(part: Promise<Part>): Promise<Part> =>
  started.adopt(await part, (each) => each[Symbol.asyncDispose]());

const place = await start(Workplace.make());
const statsd = await start(listenForDatagrams());
let prometheus: Awaited<ReturnType<typeof startPrometheus>> | undefined;
let influx: Awaited<ReturnType<typeof startInflux>> | undefined;
let collector: Awaited<ReturnType<typeof startCollector>> | undefined;

const traces: string[] = [];
const service = await start(
  listen(({ url, headers }) => {
    traces.push(String(headers['traceparent']));
    return url === '/fail' ? 503 : 200;
  }),
);
const otlpBodies: Buffer[] = [];
const otlp = await start(
  listen(({ headers }, body) => {
    if (headers.authorization !== `Bearer ${TOKEN}`) return 401;
    otlpBodies.push(body);
    return 200;
  }),
);
/** Takes one second, and is gone from then on. */
let tookBefore = 0;
const gone = await start(listen(() => ((tookBefore += 1) === 1 ? 204 : 'gone')));
const silent = await start(listen(() => 'never'));

const plan = `
name: outputs
target: ${service.url}
scenarios:
  - { name: shop, steps: [{ get: / }, { get: /fail, name: "fails, always", onFail: next }] }
  - { name: other, steps: [{ get: / }, { pause: 50ms }] }
objectives: [errors < 90%]
phases:
  - { name: open, kind: sustained, duration: 1500ms, open: { rate: 40 } }
  - { name: closed, kind: stress, duration: 1s, closed: { users: 3 } }
`;

let ended: Ended;
let summary: Summary;
let expected: Counts;

beforeAll(async () => {
  await place.write('plan.yaml', plan);
  const prometheusAt = async (program: string) => await start(startPrometheus(program, await freePort()));
  const starting = [
    PROMETHEUS === undefined ? undefined : prometheusAt(PROMETHEUS).then((each) => void (prometheus = each)),
    INFLUX === undefined ? undefined : start(startInflux(INFLUX, PASSWORD)).then((each) => void (influx = each)),
    COLLECTOR === undefined ? undefined : start(startCollector(COLLECTOR)).then((each) => void (collector = each)),
  ].filter((each) => each !== undefined);
  // All of them, so that what starts beside one that fails is stopped too.
  const failed = (await Promise.allSettled(starting)).find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const outputs = [
    ...(prometheus === undefined ? [] : [`prometheus=${prometheus.url}`, `prometheus=:${prometheus.scraped}`]),
    ...(influx === undefined
      ? []
      : [`influx=${influx.url.replace('//', '//admin:{{ $env(INFLUX_PASSWORD) }}@')}/write?db=load`]),
    ...(collector === undefined ? [] : [`otlp=${collector.url}`]),
    `otlp=${otlp.url}`,
    `statsd=127.0.0.1:${statsd.port}`,
    'ndjson',
    `influx=${gone.url}/write?db=x`,
    `prometheus=${silent.url}`,
  ];
  const env = { INFLUX_PASSWORD: PASSWORD, PLIMSOLL_OTLP_HEADERS: `authorization=Bearer ${TOKEN}` };
  const args = ['run', `${place.path}/plan.yaml`, '--out', `${place.path}/run`];
  ended = await new CommandLine([...args, ...outputs.flatMap((each) => ['--output', each])], { env }).ended;
  summary = await place.summary('run');
  expected = countsIn(summary);
});

afterAll(() => started[Symbol.asyncDispose]());

test('the run measures as if none of its readers failed, and its ledger closes', () => {
  expect(
    summary.phases.map(({ name, arrivals }) => [name, arrivals.due - arrivals.started - arrivals.dropped]),
  ).toEqual([
    ['open', 0],
    ['closed', 0],
  ]);
  expect(summary.phases[0]?.arrivals.due).toBe(60);
  expect(Object.keys(expected)).toHaveLength(6);
});

test('what two of them lack is said, in the log while it runs and in the report', () => {
  const lacks = (kind: string) =>
    new RegExp(String.raw`The output ${kind} \(${silentOrGone(kind)}[^)]*\) lacks \d+ of \d+\s+seconds?: `);
  const said = ended.out.replaceAll(/\s+/g, ' ');
  expect(said).toMatch(lacks('influx'));
  expect(said).toMatch(lacks('prometheus'));
  expect(said.match(/The output \w+ [^!]*/g)).toHaveLength(2);
});

const silentOrGone = (kind: string): string => (kind === 'influx' ? gone : silent).url;

test('no password and no token is in anything that was printed or written', async () => {
  const files = await Promise.all(
    ['report.json', 'report.html', 'summary.json', 'live.ndjson', 'plan.json', 'run.json'].map((name) =>
      readFile(`${place.path}/run/${name}`, 'utf8').catch(() => ''),
    ),
  );
  expect(files.filter((text) => text !== '').length).toBeGreaterThan(3);
  for (const text of [ended.out, ended.err, ...files]) expect(text).not.toMatch(/hush-of/);
});

test('every request begins a trace of its own, and the report names one of a failure', () => {
  expect(traces.every((trace) => /^00-[\da-f]{32}-[\da-f]{16}-01$/.test(trace))).toBe(true);
  expect(new Set(traces).size).toBe(traces.length);
  const failing = summary.phases[0]?.scenarios[0]?.steps[1]?.ledger.examples?.['status.503'];
  expect(traces.map((trace) => `trace ${trace.split('-')[1]}`)).toContain(failing);
});

const real = (program: string | undefined) => (program === undefined ? describe.skip : describe);

real(PROMETHEUS)('Prometheus', () => {
  interface Found {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [number, string];
    readonly values: readonly (readonly [number, string])[];
  }
  const ask = async (query: string): Promise<readonly Found[]> => {
    const reply = await fetch(`${prometheus?.url}/api/v1/query?${String(new URLSearchParams({ query }))}`);
    return ((await reply.json()) as { data: { result: readonly Found[] } }).data.result;
  };

  test.each(['plimsoll', 'scraped'])('has the figures of summary.json, of job %s', async (job) => {
    const found = await ask(`last_over_time(plimsoll_requests_total{job="${job}"}[5m])`);
    expect(sums(found.map(({ metric, value }) => [keyOf(metric), Number(value[1])]))).toEqual(expected);
    const arrivals = await ask(`last_over_time(plimsoll_arrivals_total{job="${job}",phase="open"}[5m])`);
    expect(Object.fromEntries(arrivals.map(({ metric, value }) => [metric['result'], Number(value[1])]))).toEqual({
      due: 60,
      started: summary.phases[0]?.arrivals.started,
      dropped: summary.phases[0]?.arrivals.dropped,
    });
  });

  test('has every counter from 0 on, so that an increase lacks nothing', async () => {
    const found = await ask('plimsoll_requests_total{job="plimsoll"}[5m]');
    expect(found.map(({ values }) => Number(values[0]?.[1]))).toEqual(found.map(() => 0));
    expect(found.map(({ values }) => values.length > 1)).toEqual(found.map(() => true));
  });

  test('has percentiles within the bounds of their buckets', async () => {
    const found = await ask(
      'histogram_quantile(1, sum by (phase, le) (last_over_time(plimsoll_response_seconds_bucket{job="plimsoll"}[5m])))',
    );
    for (const { metric, value } of found) {
      const { max } = summary.phases.find(({ name }) => name === metric['phase'])?.responseTimeUs ?? { max: null };
      expect(Number(value[1]) * 1e6).toBeGreaterThanOrEqual((max ?? 0) * 0.999);
    }
    expect(found).toHaveLength(2);
  });

  test('shows nothing as present any more once the run is over', async () => {
    expect(await ask('{__name__=~"plimsoll_.*",job="plimsoll"}')).toEqual([]);
  });
});

real(INFLUX)('InfluxDB', () => {
  const ask = async (q: string) => {
    const query = new URLSearchParams({ db: 'load', q, u: 'admin', p: PASSWORD });
    const reply = await fetch(`${influx?.url}/query?${String(query)}`);
    const { results } = (await reply.json()) as {
      results: readonly {
        series?: readonly { tags: Readonly<Record<string, string>>; values: readonly (readonly number[])[] }[];
      }[];
    };
    return results[0]?.series ?? [];
  };

  test('has the figures of summary.json, through a name and a password', async () => {
    const found = await ask('SELECT SUM("count") FROM plimsoll_requests GROUP BY phase, scenario, step, outcome');
    expect(sums(found.map(({ tags, values }) => [keyOf(tags), values[0]?.[1] ?? 0]))).toEqual(expected);
    const longest = await ask('SELECT MAX("max") FROM plimsoll_response GROUP BY phase');
    expect(
      Object.fromEntries(longest.map(({ tags, values }) => [tags['phase'], Math.round((values[0]?.[1] ?? 0) * 1e6)])),
    ).toEqual(Object.fromEntries(summary.phases.map(({ name, responseTimeUs }) => [name, responseTimeUs.max])));
  });
});

describe('OpenTelemetry', () => {
  /** Cumulative: the last point of each is the whole of its phase. */
  const lastOf = (points: readonly OtlpPoint[], metric: string): Map<string, OtlpPoint> =>
    new Map(points.filter((each) => each.metric === metric).map((each) => [keyOf(each.labels), each]));

  test('its protocol carries the figures of summary.json', () => {
    const points = otlpBodies.flatMap(readOtlp);
    const requests = lastOf(points, 'plimsoll.requests');
    expect(sums(Array.from(requests, ([key, { value }]) => [key, value ?? 0]))).toEqual(expected);
    for (const { labels, exponential } of lastOf(points, 'plimsoll.response').values()) {
      const times = summary.phases
        .find(({ name }) => name === labels['phase'])
        ?.scenarios.find(({ name }) => name === labels['scenario'])
        ?.steps.find(({ name }) => name === labels['step'])?.responseTimeUs;
      expect(exponential?.count).toBe(times?.count);
      expect((exponential?.max ?? 0) * 1e6).toBeCloseTo(times?.max ?? 0, 3);
      expect(Math.abs(p99Of(exponential) / ((times?.p99 ?? 0) / 1e6) - 1)).toBeLessThan(0.0032);
    }
  });

  (COLLECTOR === undefined ? test.skip : test)('its collector takes it as well', async () => {
    const lines = ((await collector?.metrics()) ?? '').trim().split('\n');
    const points = lines.flatMap((line) => pointsInJson(JSON.parse(line)));
    expect(sums(new Map(points))).toEqual(expected);
  });
});

test('StatsD has the figures of summary.json', () => {
  // Of a name each letter that is none becomes a line.
  const named = Object.entries(expected).map(
    ([key, count]) => [key.replaceAll(/[^\w/]|(?<=GET )\//g, '_'), count] as const,
  );
  expect(sums(countsOfStatsd(statsd.lines))).toEqual(sums(named));
});

test('the file of lines has the figures of summary.json', async () => {
  const lines = (await readFile(`${place.path}/run/live.ndjson`, 'utf8')).trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as Record<string, string> & { readonly count: number });
  const requests = rows.filter(({ metric }) => metric === 'requests');
  expect(sums(requests.map((row) => [keyOf(row), row.count]))).toEqual(expected);
});
