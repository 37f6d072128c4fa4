import { text } from 'node:stream/consumers';
import { encodeInterval } from '../lib/measure/codec.ts';
import { Metronome } from './metronome.ts';
import { rehearse } from './rehearsal.ts';
import { runPhase, type PhaseOrder } from './phase.ts';
import { senderFor } from './sender-for.ts';

/**
 * Entry of a generator in a process of its own, which is what a task in the cloud is: takes one order as JSON from standard
 * input, runs its share of the phase with the same code as a thread does, and writes its intervals to standard output, one a
 * line. SIGTERM stops the load in order; what is known by then is still written.
 */
const order = JSON.parse(await text(process.stdin)) as PhaseOrder;
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort()).once('SIGINT', () => stopping.abort());

const alarm = new Metronome();
await rehearse(alarm);
const sender = await senderFor(order.plan);
await runPhase(order, {
  sender,
  alarm,
  signal: stopping.signal,
  onInterval: (second, interval) => {
    const key = { phase: order.phase, worker: order.share.index, second };
    process.stdout.write(`${JSON.stringify(encodeInterval(key, interval))}\n`);
  },
});
sender.close();
