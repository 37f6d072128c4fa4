import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { addAuthentication } from './authentication.ts';
import type { Metrics } from './metrics.ts';
import { Problem, problemFrom } from './problems.ts';
import { routes } from './routes/index.ts';
import type { Services } from './services.ts';

const bodyLimitBytes = 64 * 1024;
/** Longer than the 60 s an AWS load balancer keeps an idle connection, so that it never sends into one we just closed. */
const keepAliveMs = 65_000;
const retryAfterSeconds = 1;

/** The marketplace as a Fastify application; not yet listening. */
export function buildApp(services: Services, logLevel: string): FastifyInstance {
  const app = Fastify({
    logger: {
      level: logLevel,
      stream: process.stderr,
      redact: ['req.headers.authorization', 'req.body', '*.password', '*.token', '*.card', 'err.parameters'],
    },
    bodyLimit: bodyLimitBytes,
    keepAliveTimeout: keepAliveMs,
    forceCloseConnections: 'idle',
    // A request on a keep-alive connection that arrives while we drain is answered, with a header that the connection closes.
    return503OnClosing: false,
  });
  addMetrics(app, services.metrics);
  addAuthentication(app, services.tokens);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => answerError(new Problem('not-found'), request, reply));
  for (const register of routes) register(app, services);
  return app;
}

/** Counted when the connection is done with the reply, or the client with us: `close` comes either way, and once. */
function addMetrics(app: FastifyInstance, { httpInFlight, httpRequestSeconds }: Metrics): void {
  app.addHook('onRequest', (request, reply, done) => {
    httpInFlight.inc();
    reply.raw.once('close', () => {
      httpInFlight.dec();
      const route = request.routeOptions.url ?? 'unmatched';
      const status = reply.raw.writableFinished ? String(reply.statusCode) : 'aborted';
      httpRequestSeconds.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
    });
    done();
  });
}

/** Every failure leaves through here: what the client may know goes to the client, an unexpected error to the log. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemFrom(error) ?? new Problem('internal');
  if (problem.code === 'internal') request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
  if (problem.status === 503 || problem.status === 429) void reply.header('retry-after', retryAfterSeconds);
  return reply.code(problem.status).send({ error: { code: problem.code, message: problem.message } });
}
