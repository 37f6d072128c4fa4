import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { planOfAddress } from '../../bin/local/address-plan.ts';
import { CommandLine, Workplace } from './command-line.ts';

const none = { signalIds: [], env: {} };

test('an address, users and a time are a plan', async () => {
  const { plan } = await planOfAddress(
    { url: 'http://127.0.0.1:8080/a%20b?q={{ x }}', users: '3', duration: '2s' },
    none,
  );
  expect(plan).toMatchObject({
    target: 'http://127.0.0.1:8080',
    // RFC 3986 has no braces, so they are no template.
    scenarios: [{ steps: [{ method: 'get', path: '/a%20b?q=%7B%7B%20x%20%7D%7D' }] }],
    phases: [{ kind: 'sustained', model: 'closed', durationUs: 2e6, objectives: [{ text: 'errors < 1%' }] }],
  });
});

test.each([
  [{}, 'needs --users or --rate'],
  [{ users: '3', rate: '3' }, 'needs --users or --rate'],
  [{ users: '0' }, '--users takes'],
  [{ users: '2.5' }, '--users takes'],
  [{ rate: '-1' }, '--rate takes'],
  [{ rate: 'fast' }, '--rate takes'],
  [{ users: '3', duration: '30' }, '--duration takes'],
  [{ users: '3', duration: '0s' }, '--duration takes'],
  [{ users: '3', url: 'localhost:8080' }, 'takes an http or https URL'],
  [{ users: '3', url: 'http://ann:s3cret@127.0.0.1' }, 'holds a user name'],
  [{ users: '3', url: 'http://127.0.0.1/#top' }, 'takes no #'],
])('%j is none', async (options, says) => {
  await expect(planOfAddress({ url: 'http://127.0.0.1/', ...options }, none)).rejects.toThrow(says);
});

test('it is run as any other', async () => {
  await using workplace = await Workplace.make();
  const paths = new Set<string | undefined>();
  const server = createServer((request, reply) => {
    paths.add(request.url);
    reply.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jobs?page=2`;
  const out = `${workplace.path}/out`;
  await new CommandLine(['run', '--url', url, '--rate', '20', '--duration', '1s', '--out', out]).ended;
  server.closeAllConnections();
  server.close();
  expect(paths).toEqual(new Set(['/jobs?page=2']));
  const { plan, phases } = await workplace.summary('out');
  expect(plan.name).toBe(`${new URL(url).host}/jobs`);
  expect(phases[0]?.arrivals).toMatchObject({ due: 20, completed: 20 });
});

test.each([
  [['run', '--users', '3'], '--users, --rate and --duration are for --url'],
  [['run', 'plan.yaml', '--url', 'http://127.0.0.1/', '--users', '3'], 'leave out plan.yaml'],
])('%j is refused', async (args, says) => {
  const { code, err } = await new CommandLine(args).ended;
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(says) });
});
