import type { FastifyInstance } from 'fastify';
import { actorOf } from '../authentication.ts';
import { type DisputeOutcome, openDispute, resolveDispute } from '../domain/disputes.ts';
import { escrowFor, releaseEscrow } from '../domain/escrows.ts';
import { pay } from '../domain/payments.ts';
import type { Card } from '../provider.ts';
import { cents, idParams, type IdParams, object, text } from '../schemas.ts';
import type { Services } from '../services.ts';

const card = object({
  number: { type: 'string', pattern: '^[0-9]{12,19}$' },
  expiry: { type: 'string', pattern: '^(0[1-9]|1[0-2])/[0-9]{2}$' },
  cvc: { type: 'string', pattern: '^[0-9]{3,4}$' },
});
const payment = object({ amountCents: cents, card });
const paymentHeaders = { type: 'object', properties: { 'idempotency-key': text(1, 100) } } as const;
const reason = object({ reason: text(1, 1000) });
const outcome = object({ outcome: { enum: ['release', 'refund'] } });

/** Escrow accounts: read, pay into, release, dispute, resolve. */
export function escrowRoutes(app: FastifyInstance, services: Services): void {
  const withId = { schema: { params: idParams }, ...app.authenticated };
  app.get<{ Params: IdParams }>('/api/escrows/:id', withId, (request) =>
    escrowFor(services.database, actorOf(request), request.params.id),
  );
  app.post<{ Params: IdParams }>('/api/escrows/:id/release', withId, (request) =>
    releaseEscrow(services, actorOf(request), request.params.id),
  );
  paymentRoute(app, services);
  app.post<{ Params: IdParams; Body: { reason: string } }>(
    '/api/escrows/:id/disputes',
    { ...withId, schema: { params: idParams, body: reason } },
    async (request, reply) => {
      const { params, body } = request;
      return reply.code(201).send(await openDispute(services.database, actorOf(request), params.id, body.reason));
    },
  );
  app.post<{ Params: IdParams; Body: { outcome: DisputeOutcome } }>(
    '/api/disputes/:id/resolve',
    { ...withId, schema: { params: idParams, body: outcome } },
    (request) => resolveDispute(services, actorOf(request), { id: request.params.id, outcome: request.body.outcome }),
  );
}

function paymentRoute(app: FastifyInstance, services: Services): void {
  app.post<{
    Params: IdParams;
    Body: { amountCents: number; card: Card };
    Headers: { 'idempotency-key'?: string };
  }>(
    '/api/escrows/:id/payments',
    { schema: { params: idParams, body: payment, headers: paymentHeaders }, ...app.authenticated },
    async (request, reply) => {
      const idempotencyKey = request.headers['idempotency-key'];
      const paid = await pay(services, actorOf(request), {
        escrowId: request.params.id,
        idempotencyKey,
        ...request.body,
      });
      return reply.code(201).send(paid);
    },
  );
}
