import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lowerPlan } from '../../lib/plan/plan.ts';
import type { OneShotTimer } from '../engine/timer-queue.ts';
import { runPhase } from '../engine/phase.ts';
import { Http1Sender } from '../senders/http1/sender.ts';

/** Long and fast enough for the hot functions to be compiled: 600 requests. */
const REHEARSAL = { duration: '300ms', open: { rate: 2000 } };

/**
 * Loads a server of its own on loopback for a moment, with the HTTP/1.1 sender. Without it the first arrivals of a run start up to
 * 200 ms late, while the engine and that sender are compiled. The sender of an `http2` plan, undici, still starts cold. Nothing of
 * it reaches the target or a record.
 */
export async function rehearse(timer: OneShotTimer): Promise<void> {
  const server = createServer((_, reply) => reply.end('{"ok":true}'));
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const { port } = server.address() as AddressInfo;
  const plan = lowerPlan(
    {
      name: 'rehearsal',
      scenarios: [
        { name: 'all', steps: [{ post: '/{{ $uuid }}', json: { a: '{{ $user }}' }, capture: { ok: '$.ok' } }] },
      ],
      phases: [{ name: 'rehearsal', kind: 'warm-up', ...REHEARSAL }],
    },
    { feeders: [] },
  );
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
  await runPhase(assignment, { sender, timer, signal: new AbortController().signal, onInterval: () => undefined });
  sender.close();
  server.closeAllConnections();
  server.close();
}
