import { execFile } from 'node:child_process';
import { constants, read, writeSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Release } from '../bench.ts';
import { both, decimal, type Fault, valueOf } from '../fault.ts';
import { poolOfWorkers } from '../workers.ts';

/**
 * Of the four threads that a process has for files, hashes and names, names may take so many.
 * Source: libuv, src/threadpool.c, slow_work_thread_threshold: (threads + 1) / 2.
 */
const LOOK_UP_THREADS = 2;

/**
 * Each payment looks up a name first, which holds a thread of the pool for a time, as getaddrinfo does while a name server does not
 * answer. Here the thread reads a pipe into which nobody writes meanwhile: no resolver is asked, and no setting of the system changed.
 */
export const slowLookUps: Fault = {
  name: 'slow-look-ups',
  title: 'Slow look-ups of names hold the threads that there are for them',
  bottleneck: 'service.workers',
  // Names are looked up where another system is called, so from outside it is that system that takes long.
  alsoRight: ['downstream.latency'],
  parameters: { seconds: decimal(1, 0.05, 5) },
  begin: async (bench, values) => {
    const pipe = await openPipe();
    const waits = poolOfWorkers(bench.services.metrics.registry, 'look-ups', LOOK_UP_THREADS);
    const { provider } = bench.services;
    const lookUp = (): Promise<void> => waits.run(() => pipe.hold(valueOf(values, 'seconds') * 1_000));
    return both(
      bench.replace('provider', { ...provider, pay: (order) => lookUp().then(() => provider.pay(order)) }),
      () => pipe.close(),
    );
  },
};

interface Pipe {
  /** Holds a thread of the pool for so long. */
  hold(ms: number): Promise<void>;
  /** Frees every thread. */
  readonly close: Release;
}

/** A pipe without a name, so that nothing of it stays. */
async function openPipe(): Promise<Pipe> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-lab-'));
  try {
    const path = join(folder, 'pipe');
    await promisify(execFile)('mkfifo', [path]);
    return pipeOf(await open(path, constants.O_RDWR));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pipeOf(file: Awaited<ReturnType<typeof open>>): Pipe {
  const closing = new AbortController();
  const readers = new Set<Promise<unknown>>();
  const hold = async (ms: number): Promise<void> => {
    if (closing.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    readers.add(promise);
    read(file.fd, Buffer.alloc(1), 0, 1, null, () => resolve());
    await pause(ms, undefined, { signal: closing.signal }).catch(() => undefined);
    writeSync(file.fd, '.');
    await promise;
    readers.delete(promise);
  };
  return {
    hold,
    close: async () => {
      closing.abort();
      await Promise.all(readers);
      await file.close();
    },
  };
}
