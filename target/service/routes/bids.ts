import type { FastifyInstance } from 'fastify';
import { actorOf } from '../authentication.ts';
import { acceptBid, bidsOn, placeBid } from '../domain/bids.ts';
import { cents, idParams, type IdParams, object, text } from '../schemas.ts';
import type { Services } from '../services.ts';

const newBid = object({ amountCents: cents, message: text(1, 1000) });

/** Bids: list, place, accept. */
export function bidRoutes(app: FastifyInstance, services: Services): void {
  const withId = { schema: { params: idParams }, ...app.authenticated };
  app.get<{ Params: IdParams }>('/api/jobs/:id/bids', withId, (request) =>
    bidsOn(services.database, actorOf(request), request.params.id),
  );
  app.post<{ Params: IdParams; Body: { amountCents: number; message: string } }>(
    '/api/jobs/:id/bids',
    { ...withId, schema: { params: idParams, body: newBid } },
    async (request, reply) => {
      const bid = await placeBid(services.database, actorOf(request), { jobId: request.params.id, ...request.body });
      return reply.code(201).send(bid);
    },
  );
  app.post<{ Params: IdParams }>('/api/bids/:id/accept', withId, async (request, reply) =>
    reply.code(201).send(await acceptBid(services, actorOf(request), request.params.id)),
  );
}
