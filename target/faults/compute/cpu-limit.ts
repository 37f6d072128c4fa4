import { availableParallelism } from 'node:os';
import { Gauge } from 'prom-client';
import { startCompanion } from '../companion.ts';
import { decimal, type Fault, valueOf } from '../fault.ts';
import { limitByQuota } from './quota.ts';

/**
 * The service reports its limit, as one in a container does. Where this account may make control groups the kernel holds it to the
 * limit, and elsewhere a process beside it stops it for the rest of each tenth of a second.
 */
export const cpuLimit: Fault = {
  name: 'cpu-limit',
  title: 'A CPU limit of a tenth of a core',
  bottleneck: 'service.cpu',
  // Stopped for nine tenths of the time, the event loop is as late as if a request had blocked it.
  alsoRight: ['service.event-loop'],
  parameters: { cores: decimal(0.1, 0.05, 0.9) },
  begin: async ({ services }, values) => {
    const cores = valueOf(values, 'cores');
    const limit = services.metrics.registry.getSingleMetric('process_cpu_limit_cores');
    const report = (value: number): void => void (limit instanceof Gauge && limit.set(value));
    const end =
      (await limitByQuota(process.pid, cores)) ?? startCompanion('throttle', String(process.pid), String(cores));
    report(cores);
    return async () => {
      await end();
      report(availableParallelism());
    };
  },
};
