import { decimal, type Fault, valueOf } from '../fault.ts';

/** Waits without computing, as a synchronous read or a sleep does. */
function block(seconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1_000);
}

export const blocking: Fault = {
  name: 'blocking',
  title: 'A synchronous wait blocks the event loop',
  bottleneck: 'service.event-loop',
  endpoint: 'GET /api/blocking',
  parameters: { duration: decimal(5, 0, 30) },
  disturbs: ['GET /api/jobs/:id'],
  work: async (_bench, values) => {
    block(valueOf(values, 'duration'));
    return { blockedSeconds: valueOf(values, 'duration') };
  },
};
