import { Gauge, type Registry } from 'prom-client';

/** As many as a small thread-per-request server has; Node itself has no such bound on requests that wait. */
const most = 8;

/**
 * A pool of workers, each of which carries one request from its beginning to its end, waiting included: what servers with a
 * thread or process a request have, and what a request to a slow system fills.
 */
export interface Workers {
  /** Runs the work on a worker, after those that came before. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function openWorkers(registry: Registry): Workers {
  let busy = 0;
  const queue: (() => void)[] = [];
  const gauge = (name: string, help: string, value: () => number): void => {
    const each: Gauge = new Gauge({ name, help, registers: [registry], collect: () => each.set(value()) });
  };
  gauge('request_workers_busy', 'Workers that carry a request', () => busy);
  gauge('request_workers_max', 'Workers there are', () => most);
  gauge('request_workers_queued', 'Requests that wait for a worker', () => queue.length);
  return {
    async run(work) {
      if (busy >= most) await new Promise<void>((resolve) => queue.push(resolve));
      else busy += 1;
      try {
        return await work();
      } finally {
        // A worker goes from hand to hand: its number changes only when no request waits.
        const next = queue.shift();
        if (next === undefined) busy -= 1;
        else next();
      }
    },
  };
}
