import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Plan } from '../../lib/plan/plan.ts';
import { nodeTimer } from '../engine/timer-queue.ts';
import { runPhase } from '../engine/phase.ts';
import { Http1Sender } from '../senders/http1/sender.ts';

const REPLY = Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}');

/**
 * Answers whatever comes, since each request of the rehearsal comes in one read. Node's own HTTP server would be compiled beside the engine, and
 * `node:http` as an ES module loads Node's undici: a quarter of what the rehearsal took.
 */
const rehearsalServer = (): Server =>
  createServer({ noDelay: true }, (socket) => {
    socket.on('data', () => socket.write(REPLY)).on('error', () => socket.destroy());
  });

/**
 * Loads a server of its own on loopback for a moment, with the HTTP/1.1 sender. Without it the first arrivals of a run start up to
 * 200 ms late, while the engine and that sender are compiled. The sender of an `http2` plan, undici, still starts cold. Nothing of
 * it reaches the target or a record.
 */
export async function rehearse(plan: Plan): Promise<void> {
  const server = rehearsalServer();
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const { port } = server.address() as AddressInfo;
  const sender = new Http1Sender(plan);
  const [phase] = plan.phases;
  if (phase === undefined) return;
  const assignment = {
    plan,
    phase,
    number: 0,
    target: `http://127.0.0.1:${port}`,
    share: { index: 0, of: 1 },
    startAtMs: Date.now(),
  };
  const { signal } = new AbortController();
  await runPhase(assignment, { sender, timer: nodeTimer(), signal, onInterval: () => undefined });
  sender.close();
  server.close();
}
