import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { numberFrom } from '../../environment.ts';
import { labConfiguration } from '../configuration.ts';
import { decimal, schemaOf, valueOf, type Values } from '../fault.ts';

const trapSeconds = 60;

/** What the lab makes of the payments: seconds each takes longer, and the share that fails. */
const none: Values = { delay: 0, failure_rate: 0 };
const trouble = { delay: decimal(0, 0, 60), failure_rate: decimal(0, 0, 1) };

/**
 * The downstream service in the lab: endpoints that are slow, random, unreliable and hanging, and payments that the lab can make so
 * (`PUT /lab/trouble`, with its token). A pause ends with the service.
 * @throws TargetFailure E-TARGET-LAB
 */
export function addTrouble(app: FastifyInstance): void {
  const { token } = labConfiguration();
  const slowSeconds = numberFrom('DOWNSTREAM_DELAY_SECONDS', 5, { least: 0, most: 60 });
  const closing = new AbortController();
  const wait = (seconds: number): Promise<unknown> =>
    pause(seconds * 1_000, undefined, { signal: closing.signal }).catch(() => undefined);
  let now = none;
  app.addHook('preClose', async () => closing.abort());
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.url !== '/payments') return;
    await wait(valueOf(now, 'delay'));
    if (Math.random() < valueOf(now, 'failure_rate')) await fail(reply);
  });
  app.put<{ Body: Values }>('/lab/trouble', { schema: { body: schemaOf(trouble) } }, async (request, reply) => {
    if (request.headers.authorization !== `Bearer ${token}`)
      return reply.code(401).send({ error: 'not-authenticated' });
    now = request.body;
    return now;
  });
  troubledEndpoints(app, wait, slowSeconds);
}

const queryOf = (name: string, otherwise: number, most: number) => ({
  schema: { querystring: schemaOf({ [name]: decimal(otherwise, 0, most) }) },
});

const fail = (reply: FastifyReply): FastifyReply => reply.code(503).send({ error: 'unavailable' });

function troubledEndpoints(
  app: FastifyInstance,
  wait: (seconds: number) => Promise<unknown>,
  slowSeconds: number,
): void {
  app.get<{ Querystring: Values }>('/slow', queryOf('delay', slowSeconds, 60), async ({ query }) => {
    const delay = valueOf(query, 'delay');
    await wait(delay);
    return { waitedSeconds: delay };
  });
  app.get('/random', async () => {
    const seconds = Math.random() * slowSeconds;
    await wait(seconds);
    return { waitedSeconds: seconds };
  });
  app.get<{ Querystring: Values }>('/sometimes-fail', queryOf('failure_rate', 0.3, 1), async (request, reply) =>
    Math.random() < valueOf(request.query, 'failure_rate') ? fail(reply) : { status: 'ok' },
  );
  app.get('/timeout-trap', async () => {
    await wait(trapSeconds);
    return { waitedSeconds: trapSeconds };
  });
}
