import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../lib/errors.ts';
import { openEntries } from '../../lib/measure/ledger.ts';
import { CommandLine, Workplace } from './command-line.ts';
import { FrozenServer } from './honesty/frozen-server.ts';

/** A server that tells when it was asked, and can be told to answer nothing. */
class Witness {
  lastMs = 0;
  count = 0;
  readonly #server: Server;
  #heard = Promise.withResolvers<void>();
  readonly #enough: number;

  constructor(enough: number, answers: boolean) {
    this.#enough = enough;
    this.#server = createServer((_, reply) => {
      this.lastMs = Date.now();
      this.count += 1;
      if (this.count >= this.#enough) this.#heard.resolve();
      if (answers) reply.end('ok');
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when the load is well under way. */
  get underLoad(): Promise<void> {
    return this.#heard.promise;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const planOf = (target: string): string =>
  JSON.stringify({
    name: 'long',
    target,
    timeout: '30s',
    scenarios: [{ name: 'all', steps: [{ get: '/' }, { pause: '20ms' }, { get: '/again' }] }],
    phases: [
      { name: 'first', kind: 'sustained', duration: '60s', open: { rate: 100 } },
      { name: 'second', kind: 'sustained', duration: '60s', closed: { users: 3 } },
    ],
  });

const STOPS_WITHIN_MS = 2000;

test.each<[NodeJS.Signals, string, boolean]>([
  ['SIGINT', 'answers', true],
  ['SIGTERM', 'answers', true],
  ['SIGINT', 'hangs', false],
])('%s while the target %s: the load stops, and what was measured is told', async (signal, _, answers) => {
  await using workplace = await Workplace.make();
  const witness = new Witness(50, answers);
  const path = await workplace.write('plan.yaml', planOf(await witness.listen()));
  const command = new CommandLine(['run', path, '--out', `${workplace.path}/out`]);
  await witness.underLoad;
  const signalledMs = Date.now();
  command.kill(signal);
  const { code, err } = await command.ended;
  const summary = await workplace.summary('out');
  witness.close();
  const [phase, ...later] = summary.phases;
  expect(code).toBe(exitCodes.interrupted);
  expect(witness.lastMs - signalledMs).toBeLessThan(STOPS_WITHIN_MS);
  expect(summary.partial).toBe(true);
  expect(later).toEqual([]);
  expect(phase === undefined ? ['no phase'] : openEntries(phase.arrivals, phase.ledger)).toEqual([]);
  // What was cut under way may have been read or not; everything else has to agree.
  const { sent = 0, cut = 0 } = phase?.ledger ?? {};
  expect(witness.count).toBeGreaterThanOrEqual(sent - cut);
  expect(witness.count).toBeLessThanOrEqual(sent);
  expect(phase?.durationSeconds).toBeLessThan(60);
  expect(err).not.toMatch(/^ {4}at /m);
  expect(command.leavesOrphans).toBe(false);
});

test('a second SIGINT ends it at once, wherever it is', async () => {
  await using workplace = await Workplace.make();
  const frozen = await FrozenServer.start();
  const full = Array.from({ length: 4 }, () => connect(frozen.port, '127.0.0.1').on('error', () => undefined));
  const path = await workplace.write('plan.yaml', planOf(`http://127.0.0.1:${frozen.port}`));
  const command = new CommandLine(['run', path, '--out', `${workplace.path}/out`]);
  await command.said('2 phases');
  command.kill('SIGINT');
  await command.said('Stopping the load');
  command.kill('SIGINT');
  const { code, err } = await command.ended;
  for (const socket of full) socket.destroy();
  frozen.close();
  expect(code).toBe(exitCodes.interrupted);
  // Left to itself it would have said that the target can't be reached, or that it was stopped.
  expect(err).not.toContain('E-');
  expect(command.leavesOrphans).toBe(false);
});

test('SIGKILL leaves no process and no load behind', async () => {
  await using workplace = await Workplace.make();
  const witness = new Witness(20, true);
  const path = await workplace.write('plan.yaml', planOf(await witness.listen()));
  const command = new CommandLine(['run', path, '--out', `${workplace.path}/out`]);
  await witness.underLoad;
  command.kill('SIGKILL');
  await command.ended;
  const { count } = witness;
  await delay(200);
  witness.close();
  // A request that was in a socket's buffer may still be read; a load of 200 a second would be 40.
  expect(witness.count - count).toBeLessThan(10);
  expect(command.leavesOrphans).toBe(false);
});
