import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { exitCodes } from '../../lib/errors.ts';
import { openEntries } from '../../lib/measure/ledger.ts';
import { CommandLine, Workplace } from './command-line.ts';
import { FrozenServer } from './honesty/frozen-server.ts';

const ACCEPT_TURNS = 3;

/** A server that tells when it was asked, and can be told to answer nothing. */
class Witness {
  lastMs = 0;
  count = 0;
  readonly lines: string[] = [];
  readonly #server: Server;
  readonly #heard = Promise.withResolvers<void>();
  readonly #sockets = new Set<Socket>();
  readonly #enough: number;

  constructor(enough: number, answers: boolean) {
    this.#enough = enough;
    this.#server = createServer(({ method, url }, reply) => {
      this.lastMs = Date.now();
      this.count += 1;
      this.lines.push(`${method} ${url}`);
      if (this.count >= this.#enough) this.#heard.resolve();
      if (answers) reply.end('ok');
    }).on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
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

  /** Resolves when all who were on their way have been accepted and every connection has ended: by then all is read. */
  async left(): Promise<void> {
    for (let turn = 0; turn < ACCEPT_TURNS || this.#sockets.size > 0; turn += 1) await delay(10);
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

/** Of the two minutes that the load would have gone on; the server reads late where the machine is busy. */
const STOPS_WITHIN_MS = 10_000;

test.each<[NodeJS.Signals, string, boolean]>([
  ['SIGINT', 'answers', true],
  ['SIGTERM', 'answers', true],
  ['SIGHUP', 'answers', true],
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

test('after SIGINT the teardown runs, once, when the load has stopped', async () => {
  await using workplace = await Workplace.make();
  const witness = new Witness(50, true);
  const plan = {
    ...JSON.parse(planOf(await witness.listen())),
    setup: [{ get: '/begin' }],
    teardown: [{ delete: '/begun' }, { delete: '/all' }],
  };
  const path = await workplace.write('plan.yaml', JSON.stringify(plan));
  const command = new CommandLine(['run', path, '--out', `${workplace.path}/out`]);
  await witness.underLoad;
  command.kill('SIGINT');
  const { code } = await command.ended;
  const summary = await workplace.summary('out');
  witness.close();
  expect(code).toBe(exitCodes.interrupted);
  expect(witness.lines.filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE /begun', 'DELETE /all']);
  expect(witness.lines.slice(-2)).toEqual(['DELETE /begun', 'DELETE /all']);
  const one = { sent: 1, ok: 1, cut: 0 };
  expect(summary.teardown).toMatchObject({ steps: { 'DELETE /begun': one, 'DELETE /all': one } });
  expect(command.leavesOrphans).toBe(false);
});

/** Frozen before it accepted anything, and its backlog full: a connection to it neither comes about nor is refused. */
async function unreachable(): Promise<{ port: number; close: () => void }> {
  const frozen = await FrozenServer.start();
  const full = Array.from({ length: 4 }, () => connect(frozen.port, '127.0.0.1').on('error', () => undefined));
  const close = (): void => {
    for (const socket of full) socket.destroy();
    frozen.close();
  };
  return { port: frozen.port, close };
}

test('SIGINT while the target is being reached: that it was stopped is told, not that nothing answered', async () => {
  await using workplace = await Workplace.make();
  const { port, close } = await unreachable();
  const path = await workplace.write('plan.yaml', planOf(`http://127.0.0.1:${port}`));
  const command = new CommandLine(['run', path, '--out', `${workplace.path}/out`]);
  await command.said('2 phases');
  command.kill('SIGINT');
  const { code, err } = await command.ended;
  close();
  expect(code).toBe(exitCodes.interrupted);
  expect(err).toContain('E-INTERRUPTED');
  expect(err).not.toContain('E-TARGET-UNREACHABLE');
  expect(existsSync(`${workplace.path}/out`)).toBe(false);
  expect(command.leavesOrphans).toBe(false);
});

test('a second SIGINT ends it at once, wherever it is', async () => {
  await using workplace = await Workplace.make();
  const witness = new Witness(1, true);
  // A database that accepts and says nothing, for which a run waits several seconds before its load and after it.
  const asked = Promise.withResolvers<Socket>();
  const mute = createTcpServer((socket) => asked.resolve(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const plan = { ...JSON.parse(planOf(await witness.listen())), signals: { database: 'MUTE' } };
  const path = await workplace.write('plan.yaml', JSON.stringify(plan));
  const command = new CommandLine(['run', path, '--out', `${workplace.path}/out`], {
    env: { MUTE: `postgres://app@127.0.0.1:${(mute.address() as AddressInfo).port}/app` },
  });
  const socket = await asked.promise;
  command.kill('SIGINT');
  await command.said('Stopping the load');
  command.kill('SIGINT');
  const { code, err } = await command.ended;
  socket.destroy();
  mute.close();
  witness.close();
  expect(code).toBe(exitCodes.interrupted);
  // Left to itself it would have written a report, and said where it is.
  expect(err).not.toContain('Report:');
  expect(existsSync(`${workplace.path}/out/report.html`)).toBe(false);
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
  await witness.left();
  const { count } = witness;
  // A load of 100 a second would not let it be.
  await delay(200);
  witness.close();
  expect(witness.count).toBe(count);
  expect(command.leavesOrphans).toBe(false);
});

test('what a SIGKILL has left is reported: every whole second, in a ledger that closes', async () => {
  await using workplace = await Workplace.make();
  const witness = new Witness(500, true); // 100 arrivals of two requests a second: in the third second
  const path = await workplace.write('plan.yaml', planOf(await witness.listen()));
  const command = new CommandLine(['run', path, '--out', `${workplace.path}/out`]);
  await witness.underLoad;
  command.kill('SIGKILL');
  await command.ended;
  await witness.left();
  witness.close();
  const { code, out } = await new CommandLine(['report', `${workplace.path}/out`]).ended;
  const summary = await workplace.summary('out');
  const [phase, ...later] = summary.phases;
  expect(code).toBe(exitCodes.passed);
  expect(out).toContain('report.html');
  expect([summary.partial, later.length]).toEqual([true, 0]);
  expect(phase === undefined ? ['no phase'] : openEntries(phase.arrivals, phase.ledger)).toEqual([]);
  expect(phase?.durationSeconds).toBeGreaterThanOrEqual(1);
  expect(phase?.ledger.ok).toBeGreaterThan(100);
  expect(phase?.ledger.sent).toBeLessThanOrEqual(witness.count);
});

test('of a folder in which no run was begun there is no report', async () => {
  await using workplace = await Workplace.make();
  const { code, err } = await new CommandLine(['report', workplace.path]).ended;
  expect(code).toBe(exitCodes.usage);
  expect(err).toContain('E-RUN-MISSING');
});
