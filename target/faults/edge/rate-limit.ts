import { Counter } from 'prom-client';
import { Problem } from '../../service/problems.ts';
import { type Fault, integer, valueOf } from '../fault.ts';

export const rateLimit: Fault = {
  name: 'rate-limit',
  title: 'A gateway lets so many requests a second through, and refuses the rest',
  bottleneck: 'balancer',
  parameters: { per_second: integer(30, 1, 10_000) },
  begin: async (bench, values) => {
    const { registry } = bench.services.metrics;
    const name = 'gateway_requests_refused_total';
    const refused =
      registry.getSingleMetric(name) ??
      new Counter({ name, help: 'Requests over the rate that the gateway lets through', registers: [registry] });
    let second = 0;
    let passed = 0;
    return bench.beforeRequests(async () => {
      const now = Math.floor(performance.now() / 1_000);
      if (now !== second) [second, passed] = [now, 0];
      passed += 1;
      if (passed <= valueOf(values, 'per_second')) return;
      if (refused instanceof Counter) refused.inc();
      throw new Problem('too-many-requests');
    });
  },
};
