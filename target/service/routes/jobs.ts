import type { FastifyInstance } from 'fastify';
import { actorOf } from '../authentication.ts';
import { createJob, findJobs, jobAsJson, type JobFilter, listJobs, type NewJob } from '../domain/jobs.ts';
import { cents, id, idParams, type IdParams, limit, object, text } from '../schemas.ts';
import type { Services } from '../services.ts';

const filter = object({ trade: text(1, 50), city: text(1, 50), after: id, limit }, ['trade', 'city', 'after', 'limit']);
const words = object({ q: text(1, 200), limit }, ['limit']);
const newJob = object({
  trade: text(1, 50),
  city: text(1, 50),
  title: text(3, 120),
  description: text(1, 4000),
  budgetCents: cents,
});

/** Jobs: list, search, read (cached), create. */
export function jobRoutes(app: FastifyInstance, services: Services): void {
  app.get<{ Querystring: JobFilter }>('/api/jobs', { schema: { querystring: filter } }, ({ query }) =>
    listJobs(services.database, query),
  );
  app.get<{ Querystring: { q: string; limit: number } }>(
    '/api/jobs/search',
    { schema: { querystring: words } },
    ({ query }) => findJobs(services.database, query.q, query.limit),
  );
  app.get<{ Params: IdParams }>('/api/jobs/:id', { schema: { params: idParams } }, async ({ params }, reply) => {
    const { json, cached } = await jobAsJson(services, params.id);
    return reply
      .header('x-cache', cached ? 'hit' : 'miss')
      .type('application/json; charset=utf-8')
      .send(json);
  });
  app.post<{ Body: NewJob }>('/api/jobs', { schema: { body: newJob }, ...app.authenticated }, async (request, reply) =>
    reply.code(201).send(await createJob(services, actorOf(request), request.body)),
  );
}
