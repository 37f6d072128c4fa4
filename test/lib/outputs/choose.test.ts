import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { PlimsollError } from '../../../lib/errors.ts';
import { record } from '../../../lib/measure/histogram.ts';
import { families, familyReadings } from '../../../lib/outputs/families.ts';
import { outputs } from '../../../lib/outputs/index.ts';
import { prometheusName } from '../../../lib/outputs/prometheus/series.ts';
import { chooseOutput } from '../../../lib/outputs/choose.ts';
import { secondOf, seen } from './seconds.ts';

const SECRET = 'hush-hush';
const env = {
  TOKEN: SECRET,
  EMPTY: '',
  PLIMSOLL_OTLP_HEADERS: `authorization=Bearer ${SECRET},x-scope=a%2Cb`,
};
const choose = (text: string, more: Readonly<Record<string, string>> = {}) =>
  chooseOutput(text, { env: { ...env, ...more }, pathOf: (path) => `/here/${path}` });

const BASIC = `Basic ${Buffer.from(`u:${SECRET}`).toString('base64')}`;

describe('an output is read', () => {
  test.each([
    ['prometheus', { by: 'scrape', host: '127.0.0.1', port: 9464 }, 'http://127.0.0.1:9464/metrics'],
    ['prometheus=:1234', { by: 'scrape', host: '127.0.0.1', port: 1234 }, 'http://127.0.0.1:1234/metrics'],
    ['prometheus=[::1]:1234', { by: 'scrape', host: '::1', port: 1234 }, 'http://[::1]:1234/metrics'],
    ['prometheus=http://p:9090', { by: 'http', url: 'http://p:9090/api/v1/write' }, 'http://p:9090'],
    ['prometheus=https://p/api/prom/push', { by: 'http', url: 'https://p/api/prom/push' }, 'https://p'],
    ['otlp', { by: 'http', url: 'http://127.0.0.1:4318/v1/metrics' }, 'http://127.0.0.1:4318'],
    [
      'influx=http://u:{{ $env(TOKEN) }}@i:8086/write?db=a&p={{ $env(TOKEN) }}',
      { by: 'http', url: `http://i:8086/write?db=a&p=${SECRET}&precision=ms`, headers: { authorization: BASIC } },
      'http://i:8086',
    ],
    ['statsd', { by: 'udp', host: '127.0.0.1', port: 8125 }, '127.0.0.1:8125'],
    ['statsd=stats.example:9125', { by: 'udp', host: 'stats.example', port: 9125 }, 'stats.example:9125'],
    ['ndjson', { by: 'file', name: 'live.ndjson' }, 'live.ndjson'],
    ['ndjson=a=b.ndjson', { by: 'file', path: '/here/a=b.ndjson' }, 'a=b.ndjson'],
    ['cloudwatch', { by: 'file', name: 'live.emf' }, 'live.emf'],
  ])('%s', (text, destination, shown) => {
    expect(choose(text)).toMatchObject({ kind: text.split('=')[0], destination, shown });
  });

  test('headers come from the environment of their kind, and of no other', () => {
    expect(choose('otlp').destination).toMatchObject({
      headers: { authorization: `Bearer ${SECRET}`, 'x-scope': 'a,b', 'content-type': 'application/x-protobuf' },
    });
    expect(JSON.stringify(choose('prometheus=http://p:1'))).not.toContain(SECRET);
  });

  test('only OpenTelemetry has requests begin traces', () => {
    expect(['otlp', 'statsd', 'ndjson'].map((text) => choose(text).traces)).toEqual([true, false, false]);
  });
});

test('the page names every kind, family and label', () => {
  const page = readFileSync('docs/outputs.md', 'utf8');
  const [live] = seen([[secondOf((into) => record(into.startDelay, 1))]], (each) => familyReadings(each, each.soFar));
  const names = [
    ...outputs.map(({ kind }) => `\`${kind}\``),
    ...families.map((family) => `\`${prometheusName(family)}\``),
    ...(live ?? []).flatMap(([, { labels }]) => Object.keys(labels).map((label) => `\`${label}\``)),
  ];
  expect(names.filter((name) => !page.includes(name))).toEqual([]);
});

describe('what is no output is refused before the run, with no word of its address', () => {
  test.each([
    [`kafka=${SECRET}`, 'There is no output of that kind; there are prometheus, otlp'],
    [`influx=ftp://${SECRET}`, 'influx is no http or https URL'],
    [`influx=http://${SECRET}.example`, 'influx says not where to write'],
    ['influx', 'influx is missing'],
    [`statsd=${SECRET}`, 'statsd is no host with a port'],
    ['statsd=h:70000', 'statsd is no host with a port'],
    [`prometheus=${SECRET}`, 'prometheus is no http or https URL, nor a port to listen on'],
    ['otlp={{ $env(NONE) }}', 'names the environment variable NONE, which is not set'],
    ['otlp={{ $env(EMPTY) }}', 'names the environment variable EMPTY, which is not set'],
    [`otlp={{ ${SECRET} }}`, 'holds a template that is no {{ $env(NAME) }}'],
    [`otlp={{ ${SECRET}`, 'holds a template that can not be read'],
  ])('%s', (text, sentence) => {
    const refused = (): unknown => choose(text);
    expect(refused).toThrow(PlimsollError);
    expect(refused).toThrow(sentence);
    expect(refused).not.toThrow(SECRET);
  });

  test.each([`authorization=${SECRET}\n`, `=${SECRET}`, SECRET, `a=%zz${SECRET}`, `a b=${SECRET}`])(
    'headers that are none: %j',
    (headers) => {
      const refused = (): unknown => choose('influx=http://i/write', { PLIMSOLL_INFLUX_HEADERS: `${headers}\u0000` });
      expect(refused).toThrow('PLIMSOLL_INFLUX_HEADERS holds no headers');
      expect(refused).not.toThrow(SECRET);
    },
  );
});
