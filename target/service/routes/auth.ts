import type { FastifyInstance } from 'fastify';
import { actorOf } from '../authentication.ts';
import { accountOf, logIn, register, type Registration, verify } from '../domain/accounts.ts';
import { email, object, password, text } from '../schemas.ts';
import type { Services } from '../services.ts';

const registration = object({ email, password, name: text(1, 100), role: { enum: ['customer', 'trade'] } });
const verification = object({ token: text(1, 100) });
const credentials = object({ email, password: text(1, 200) });

/** Accounts: register, verify, log in, who am I. */
export function authRoutes(app: FastifyInstance, { database, tokens }: Services): void {
  app.post<{ Body: Registration }>('/api/auth/register', { schema: { body: registration } }, async (request, reply) =>
    reply.code(201).send(await register(database, request.body)),
  );
  app.post<{ Body: { token: string } }>('/api/auth/verify', { schema: { body: verification } }, ({ body }) =>
    verify(database, body.token),
  );
  app.post<{ Body: { email: string; password: string } }>(
    '/api/auth/login',
    { schema: { body: credentials } },
    async ({ body }) => {
      const actor = await logIn(database, body.email, body.password);
      return { token: tokens.issue(actor, Date.now()), userId: actor.userId };
    },
  );
  app.get('/api/me', app.authenticated, (request) => accountOf(database, actorOf(request)));
}
