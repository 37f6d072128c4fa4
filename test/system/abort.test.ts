import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exitCodes } from '../../lib/errors.ts';
import { CommandLine, Workplace } from './command-line.ts';

let workplace: Workplace;
let server: Server;
let slowFromMs = Number.POSITIVE_INFINITY;

beforeAll(async () => {
  workplace = await Workplace.make();
  server = createServer((request, reply) => {
    if (request.url === '/climb' && slowFromMs === Number.POSITIVE_INFINITY) slowFromMs = Date.now() + 1500;
    // The recovery finds the service well again.
    const isSlow = request.url === '/climb' && Date.now() > slowFromMs;
    setTimeout(() => reply.end('ok'), isSlow ? 300 : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await workplace[Symbol.asyncDispose]();
});

const planText = (): string => `
name: ends early
target: http://127.0.0.1:${(server.address() as AddressInfo).port}
abortOn: [p99 of after > 10s for 2s, p50 of climb > 200ms for 2s]
objectives: [5xx < 1%]
scenarios:
  - { name: climb, steps: [{ get: /climb, name: step }] }
  - { name: after, weight: 0.0001, steps: [{ get: /after }] }
phases:
  - { name: climb, kind: stress, duration: 40s, open: { rate: 40 } }
  - { name: never, kind: sustained, duration: 40s, open: { rate: 40 } }
  - { name: after, kind: recovery, duration: 1s, open: { rate: 20 } }
`;

test('a phase ends within two seconds of what its condition says, for all threads; the recovery is still run', async () => {
  const plan = await workplace.write('plan.yaml', planText());
  const out = `${workplace.path}/out`;
  const { code, err } = await new CommandLine(['run', plan, '--workers', '2', '--out', out]).ended;
  expect({ code, err }).toMatchObject({ code: exitCodes.objectivesFailed });
  const { phases } = await workplace.summary('out');
  expect(phases.map(({ name }) => name)).toEqual(['climb', 'after']);
  const [climb] = phases;
  expect(climb).toMatchObject({
    verdict: 'fail',
    aborted: { condition: 'p50 of climb > 200ms for 2s' },
    objectives: [{ objective: '5xx < 1%' }, { objective: 'abort on p50 of climb > 200ms for 2s', verdict: 'fail' }],
  });
  // Slow from 1.5 s on, which is seen from the third second on, and so held at 4 s: later where the machine was busy.
  const atSeconds = climb?.aborted?.atSeconds ?? 0;
  expect(atSeconds).toBeGreaterThanOrEqual(3);
  expect(climb?.durationSeconds).toBeLessThan(atSeconds + 2);
  expect(climb?.durationSeconds).toBeLessThan(20);
  expect(climb?.ledger.cut).toBeGreaterThan(0);
  const junit = await readFile(`${out}/junit.xml`, 'utf8');
  expect(junit).toContain('<testcase classname="climb" name="abort on p50 of climb &gt; 200ms for 2s"><failure');
  expect(await readFile(`${out}/report.md`, 'utf8')).toContain('climb was ended early');
});
