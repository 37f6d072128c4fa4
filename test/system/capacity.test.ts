import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../lib/errors.ts';
import { CommandLine } from './command-line.ts';
import { Stage } from './stage.ts';

const SERVER = fileURLToPath(new URL('queue-server.ts', import.meta.url));

let stage: Stage;
let server: ChildProcessByStdio<null, Readable, null> | undefined;

beforeAll(async () => {
  stage = await Stage.set();
});
afterEach(() => {
  server?.kill();
  server = undefined;
});
afterAll(() => stage[Symbol.asyncDispose]());

/** The target's address. */
async function queueOf(kind: 'steady' | 'random', perSecond: number): Promise<string> {
  server = spawn(process.execPath, [SERVER, kind, String(perSecond)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(server.stdout, 'data')) as [Buffer];
  return `http://127.0.0.1:${port.toString().trim()}`;
}

const search = (target: string, capacity: object, objectives = ['p99 < 100ms', 'errors < 1%']) => ({
  name: 'queue',
  target,
  objectives,
  scenarios: [{ name: 'one', steps: [{ get: '/' }] }],
  capacity,
});

describe('plimsoll capacity', () => {
  test('finds what a steady queue of 300/s carries, or says why it could not', async () => {
    const target = await queueOf('steady', 300);
    const plan = search(target, { from: 20, arrivals: 'uniform', hold: '6s', budget: { time: '48s' } });
    await stage.workplace.write('capacity.json', JSON.stringify(plan));
    const { code } = await stage.plimsoll(
      'capacity',
      stage.inPlace('capacity.json'),
      '--out',
      stage.inPlace('capacity'),
    );
    const { capacity, verdict } = await stage.workplace.summary('capacity');
    expect(capacity?.probes.length).toBeGreaterThan(3);
    // Nothing curves below a cliff, so a law with contention or coherency may be refused; it is never left out.
    expect([true, false]).toContain(capacity?.scalability?.usable);
    expect(await readFile(stage.inPlace('capacity/report.html'), 'utf8')).toContain('Universal Scalability Law');
    expect(capacity).toMatchObject({ arrivals: 'uniform', reason: expect.stringMatching(/./) });
    // A busy machine voids probes; then the answer is unknown, with the reason, and never a wrong figure.
    const isFound = capacity?.verdict === 'found';
    expect([verdict, code]).toEqual(isFound ? ['pass', exitCodes.passed] : ['unknown', exitCodes.unknown]);
    // A budget that ends on a busy machine may leave a wide interval, which claims no more than that the capacity is in it.
    const figure = capacity?.perSecond ?? 0;
    const [low, high] = (capacity?.wide === true && capacity.interval) || [figure, figure];
    expect(isFound ? Math.max(low / 300 - 1, 1 - high / 300) : 0).toBeLessThan(0.05);
  }, 120_000);

  test('stopped in its middle it gives the best answer so far, and leaves no process', async () => {
    const target = await queueOf('random', 200);
    await stage.workplace.write('stopped.json', JSON.stringify(search(target, { budget: { time: '2m' } })));
    const command = new CommandLine(['capacity', stage.inPlace('stopped.json'), '--out', stage.inPlace('stopped')]);
    await command.said('probe 3');
    command.kill('SIGINT');
    const { code } = await command.ended;
    const summary = await stage.workplace.summary('stopped');
    expect([code, summary.partial, summary.verdict]).toEqual([exitCodes.interrupted, true, 'unknown']);
    expect(summary.capacity?.probes.length).toBeGreaterThan(1);
    expect(existsSync(stage.inPlace('stopped/report.html'))).toBe(true);
    expect(command.leavesOrphans).toBe(false);
  });

  test.each([
    ['--budget', 'soon', '--budget takes a duration such as 4m, not soon.'],
    ['--from', '-3', '--from takes arrivals a second, not -3.'],
    ['--max', 'none', '--max takes arrivals a second, not none.'],
    ['--max', '4', '--max 4 is below the 10 arrivals/s that the search begins with.'],
    ['--budget', '20s', 'is too little: the hold'],
  ])('refuses %s %s', async (option, value, says) => {
    await stage.workplace.write('bad.json', JSON.stringify(search('http://127.0.0.1:1', {})));
    const { code, err } = await stage.plimsoll('capacity', stage.inPlace('bad.json'), `${option}=${value}`);
    expect(code).toBe(exitCodes.usage);
    expect(err).toContain(says);
  });

  test('refuses --compress, since a search sets its own phases', async () => {
    await stage.workplace.write('compressed.json', JSON.stringify(search('http://127.0.0.1:1', {})));
    const { code, err } = await stage.plimsoll('run', stage.inPlace('compressed.json'), '--compress', '10');
    expect([code, err]).toEqual([exitCodes.usage, expect.stringContaining('give it a smaller budget')]);
  });
});
