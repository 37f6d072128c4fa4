import type { FastifyInstance } from 'fastify';
import { checkInvariants } from '../domain/invariants.ts';
import { createHealthCheck } from '../health.ts';
import type { Services } from '../services.ts';

/** Health for balancers and people, metrics for Prometheus, soundness of the data for who has loaded it. */
export function observabilityRoutes(app: FastifyInstance, services: Services): void {
  const health = createHealthCheck(services);
  const { registry } = services.metrics;
  app.get('/health', async (_request, reply) => {
    const report = await health();
    return reply.code(report.status === 'down' ? 503 : 200).send(report);
  });
  // Alive means that the event loop turns; a balancer that ends tasks because their database is slow makes things worse.
  app.get('/health/live', () => ({ status: 'ok' }));
  app.get('/api/invariants', () => checkInvariants(services.database));
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
