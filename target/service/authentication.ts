import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { Problem } from './problems.ts';
import type { Actor, Tokens } from './tokens.ts';

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null;
  }
  interface FastifyInstance {
    /** The hook of routes that need a token. */
    authenticated: { onRequest: onRequestAsyncHookHandler };
  }
}

/** Gives routes `app.authenticated`; it runs before the body is read, so a stranger's body costs nothing. */
export function addAuthentication(app: FastifyInstance, tokens: Tokens): void {
  app.decorateRequest('actor', null);
  app.decorate('authenticated', {
    onRequest: async (request) => {
      const [scheme, token] = (request.headers.authorization ?? '').split(' ');
      const actor = scheme?.toLowerCase() === 'bearer' ? tokens.verify(token ?? '', Date.now()) : undefined;
      if (actor === undefined) throw new Problem('not-authenticated');
      request.actor = actor;
    },
  });
}

/** Who an authenticated request comes from. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new Problem('not-authenticated');
  return request.actor;
}
