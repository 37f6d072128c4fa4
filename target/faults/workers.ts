import { Gauge, type Registry } from 'prom-client';

/** As many as a small thread-per-request server has; Node itself has no such bound on requests that wait. */
const most = 8;

/**
 * A pool of workers, each of which carries one piece of work from its beginning to its end, waiting included: what servers with a
 * thread or process a request have, and what a request to a slow system fills.
 */
export interface Workers {
  /** Runs the work on a worker, after those that came before. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** The workers that carry requests. */
export const openWorkers = (registry: Registry): Workers => poolOfWorkers(registry, 'requests', most);

/** A pool that the service exports under its name. */
export function poolOfWorkers(registry: Registry, pool: string, size: number): Workers {
  let busy = 0;
  const queue: (() => void)[] = [];
  const gauge = (name: string, help: string): ((value: number) => void) => {
    const known = registry.getSingleMetric(name);
    const each =
      known instanceof Gauge ? known : new Gauge({ name, help, labelNames: ['pool'], registers: [registry] });
    return (value) => each.set({ pool }, value);
  };
  const setBusy = gauge('request_workers_busy', 'Workers that carry a request');
  const setQueued = gauge('request_workers_queued', 'Requests that wait for a worker');
  gauge('request_workers_max', 'Workers there are')(size);
  const show = (): void => {
    setBusy(busy);
    setQueued(queue.length);
  };
  show();
  return {
    async run(work) {
      const turn = busy >= size ? new Promise<void>((resolve) => queue.push(resolve)) : undefined;
      if (turn === undefined) busy += 1;
      show();
      await turn;
      try {
        return await work();
      } finally {
        // A worker goes from hand to hand: its number changes only when no request waits.
        const next = queue.shift();
        if (next === undefined) busy -= 1;
        else next();
        show();
      }
    },
  };
}
