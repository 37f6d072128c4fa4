import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { versionIn } from '../options.ts';
import { peers } from './index.ts';
import { usOf, type Job, type Peer, type Reported } from './peer.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`../recorded/${name.toLowerCase()}.txt`, import.meta.url), 'utf8');

function peerOf(name: string): Peer {
  const peer = peers.find((each) => each.name === name);
  if (peer === undefined) throw new TypeError(`no peer ${name}`);
  return peer;
}

/** What each tool printed of 100 requests a second for 2 s (wrk: as many as it could), and what stands there to be read. */
const rows: readonly (readonly [string, Reported])[] = [
  ['Plimsoll', { requests: 200, failed: 0, p50Us: 929, p99Us: 9823, p999Us: 11_695 }],
  ['wrk', { requests: 45_442, failed: 0, p50Us: 86, p99Us: 63_740, p999Us: 95_153 }],
  ['oha', { requests: 200, failed: 0, p50Us: 215.169, p99Us: 6594.901, p999Us: 11_379.541 }],
  ['hey', { requests: 200, failed: 0, p50Us: 300, p99Us: 48_200, p999Us: undefined }],
  ['autocannon', { requests: 228, failed: 0, p50Us: 21_000, p99Us: 86_000, p999Us: 88_000 }],
  ['k6', { requests: 197, failed: 0, p50Us: 195.981, p99Us: 14_173.916, p999Us: 19_681.289 }],
  ['Artillery', { requests: 200, failed: 0, p50Us: 0, p99Us: 29_100, p999Us: 30_300 }],
  // 140 requests: the 70th is among the 46 + 1 … of 3 ms, the 139th and the 140th took 73 ms.
  ['Locust', { requests: 140, failed: 0, p50Us: 3000, p99Us: 73_000, p999Us: 73_000 }],
];

test.each(rows)('%s: its own figures, in µs', (name, expected) => {
  const read = peerOf(name).read(recorded(name));
  const rounded = Object.entries(read).map(([figure, value]) => [
    figure,
    value === undefined ? undefined : Math.round(value * 1000) / 1000,
  ]);
  expect(Object.fromEntries(rounded)).toEqual(expected);
});

test('vegeta: the shape its manual gives for report -type=json, in ns', () => {
  const text = JSON.stringify({
    latencies: { '50th': 2_854_306, '99th': 3_530_000 },
    requests: 100,
    success: 0.97,
    status_codes: { 200: 97, 503: 3 },
  });
  expect(peerOf('vegeta').read(text)).toEqual({
    requests: 100,
    failed: 3,
    p50Us: expect.closeTo(2854.306, 6),
    p99Us: expect.closeTo(3530, 6),
    p999Us: undefined,
  });
});

test('wrk: what did not come off is counted', () => {
  const text = recorded('wrk').replace(
    'Requests/sec',
    '  Socket errors: connect 1, read 20, write 300, timeout 4000\n  Non-2xx or 3xx responses: 50000\nRequests/sec',
  );
  expect(peerOf('wrk').read(text).failed).toBe(54_321);
});

test('hey: refused statuses and errors are counted', () => {
  const text = `${recorded('hey')}  [503]\t7 responses\n\nError distribution:\n  [12]\tGet "http://127.0.0.1:1/": EOF\n`;
  expect(peerOf('hey').read(text)).toMatchObject({ requests: 207, failed: 19 });
});

test.each(peers.map((peer) => [peer.name, peer] as const))('%s: no figures, no success', (_, peer) => {
  expect(() => peer.read('something went wrong')).toThrow(/no |not valid JSON|Unexpected/);
});

test.each(peers.map((peer) => [peer.name, peer] as const))('%s: what it is asked for stands in its call', (_, peer) => {
  const job: Job = { origin: 'http://127.0.0.1:4711', folder: '/nowhere', seconds: 7, users: 31, perSecond: 620 };
  const calls = Object.values(peer.works).map((make) => JSON.stringify(make(job)));
  expect(calls.length).toBeGreaterThan(0);
  for (const call of calls) expect(call).toMatch(/4711.*7|7.*4711/);
  // hey is given the rate of each worker: 620 by 31.
  const rate = peer.works.rate === undefined ? '620' : JSON.stringify(peer.works.rate(job));
  expect(rate).toMatch(/620|"20"/);
});

test.each([
  ['85us', 85],
  ['2.23ms', 2230],
  ['1.5s', 1_500_000],
  ['1m', 60_000_000],
])('%s is %d µs', (text, us) => {
  expect(usOf(text)).toBeCloseTo(us, 6);
});

test.each([
  ['wrk debian/4.1.0-3+b2 [epoll] Copyright', '4.1.0-3+b2'],
  ['k6 v1.8.1 (go1.26.8, linux/amd64)', '1.8.1'],
  ['locust 2.47.0 from python3.11', '2.47.0'],
  ['', 'version unknown'],
])('the version in %j', (text, version) => {
  expect(versionIn(text)).toBe(version);
});
