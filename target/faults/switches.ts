import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../service/problems.ts';
import type { Bench, Release } from './bench.ts';
import { catalogue } from './catalogue.ts';
import { type Fault, schemaOf, type Values } from './fault.ts';
import { faults } from './index.ts';

/** What is switched on: by its fault, the values it has, and how it ends. */
export interface Switches {
  on(fault: Fault, values: Values): Promise<void>;
  /** Ends every fault and frees what any held. */
  allOff(): Promise<void>;
  readonly active: ReadonlyMap<Fault, Values>;
}

export function createSwitches(
  bench: Bench,
  changed: (active: Switches['active']) => void = () => undefined,
): Switches {
  const active = new Map<Fault, Values>();
  const releases = new Map<Fault, Release>();
  const off = async (fault: Fault): Promise<void> => {
    const release = releases.get(fault);
    active.delete(fault);
    releases.delete(fault);
    await release?.();
    bench.memory.clear();
  };
  return {
    active,
    async on(fault, values) {
      if (active.has(fault)) await off(fault);
      const release = await fault.begin?.(bench, values);
      if (release !== undefined) releases.set(fault, release);
      active.set(fault, values);
      changed(active);
    },
    allOff: async () => {
      await Promise.all([...active.keys()].map(off));
      changed(active);
    },
  };
}

/** Faults in the ordinary traffic: what is switched on does its work in the requests that it disturbs. */
export function addDisturbance(app: FastifyInstance, bench: Bench, { active }: Switches): void {
  app.addHook('preHandler', async (request, reply) => {
    const route = `${request.method} ${request.routeOptions.url ?? ''}`;
    if (!isOrdinary(route)) return;
    for (const hook of bench.before) await hook(request, reply);
    for (const [{ disturbs = [], work }, values] of active) if (disturbs.includes(route)) await work?.(bench, values);
  });
  app.addHook('onSend', async (request, _reply, payload) => {
    const route = `${request.method} ${request.routeOptions.url ?? ''}`;
    if (!isOrdinary(route) || typeof payload !== 'string') return payload;
    return Array.from(bench.rewrites).reduce((body, rewrite) => rewrite(body), payload);
  });
}

/** The marketplace's own requests; health, metrics and switches stay as they are, so that a fault can be seen and ended. */
const isOrdinary = (route: string): boolean => / \/api\//.test(route) && !/ \/api\/(?:health|invariants)/.test(route);

/** The endpoints of faults, each with its parameters in the query. */
export function faultEndpoints(app: FastifyInstance, bench: Bench): void {
  for (const { endpoint, parameters, work } of faults) {
    if (endpoint === undefined || work === undefined) continue;
    const [method = 'GET', url = ''] = endpoint.split(' ');
    app.route<{ Querystring: Values }>({
      method,
      url,
      schema: { querystring: schemaOf(parameters) },
      handler: ({ query }) => work(bench, query),
    });
  }
  app.post('/api/clear-memory', () => {
    const freedMb = bench.memory.heldMb;
    bench.memory.clear();
    return { freedMb };
  });
}

/** The lab's own switches, for who has its token. */
export function switchRoutes(app: FastifyInstance, bench: Bench, switches: Switches): void {
  const onRequest = async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    if (request.headers.authorization !== `Bearer ${bench.configuration.token}`) throw new Problem('not-authenticated');
  };
  app.get('/lab/faults', () => ({
    ...catalogue(),
    on: Object.fromEntries([...switches.active].map(([{ name }, values]) => [name, values])),
  }));
  for (const fault of faults)
    app.post<{ Body: Values }>(
      `/lab/faults/${fault.name}`,
      { onRequest, schema: { body: schemaOf(fault.parameters) } },
      async ({ body }) => {
        await switches.on(fault, body);
        return { fault: fault.name, parameters: body };
      },
    );
  app.delete('/lab/faults', { onRequest }, async () => {
    await switches.allOff();
    return { on: {} };
  });
}
