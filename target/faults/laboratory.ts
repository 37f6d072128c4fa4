import type { FastifyInstance } from 'fastify';
import { Counter, Gauge } from 'prom-client';
import { numberFrom, requiredFrom, textFrom } from '../environment.ts';
import { buildApp } from '../service/app.ts';
import { Problem } from '../service/problems.ts';
import type { Services } from '../service/services.ts';
import { openBench } from './bench.ts';
import { labConfiguration, type LabConfiguration } from './configuration.ts';
import type { Values } from './fault.ts';
import { faults } from './index.ts';
import { learningPaths } from './learning-paths.ts';
import { openRelay } from './relay.ts';
import { addDisturbance, createSwitches, faultEndpoints, type Switches, switchRoutes } from './switches.ts';
import { openTasks } from './tasks.ts';

export interface Laboratory {
  /** Where the service is to reach its cache and its provider: through relays that can be cut. */
  readonly cacheUrl: string;
  readonly downstreamUrl: string;
  /** The marketplace as the lab runs it; all faults are off, and closing it ends those that are on. */
  build(services: Services, logLevel: string): Promise<FastifyInstance>;
}

/**
 * Reads the lab's configuration and opens what stands between the service and its parts.
 * @throws TargetFailure E-TARGET-LAB outside the lab
 */
export async function openLaboratory(): Promise<Laboratory> {
  const configuration = labConfiguration();
  const cacheUrl = requiredFrom('REDIS_URL');
  const providerUrl = requiredFrom('PAYMENT_PROVIDER_URL');
  const [cacheRelay, downstreamRelay] = await Promise.all([openRelay(cacheUrl), openRelay(providerUrl)]);
  const downstreamUrl = through(providerUrl, downstreamRelay.port);
  return {
    cacheUrl: through(cacheUrl, cacheRelay.port),
    downstreamUrl,
    async build(services, logLevel) {
      const bench = openBench({ services, configuration, cacheRelay, downstreamRelay, cacheUrl, downstreamUrl });
      const app = buildApp(bench.services, logLevel);
      const switches = createSwitches(bench, tellSupervisor);
      const stopped = new AbortController();
      addDisturbance(app, bench, switches);
      learningPaths(app, bench.services, textFrom('LAB_NODE', `node-${process.pid}`));
      faultEndpoints(app, bench);
      switchRoutes(app, bench, switches);
      addReload(app, configuration);
      await openTasks(app, bench.services, stopped.signal);
      await goOn(switches);
      reportLimits(services, configuration);
      shareMetrics(app, services);
      // Before the server waits for its requests: some of them wait for a fault.
      app.addHook('preClose', async () => {
        stopped.abort();
        await switches.allOff();
      });
      app.addHook('onClose', async () => {
        await Promise.all([cacheRelay.close(), downstreamRelay.close()]);
      });
      return app;
    },
  };
}

interface FaultOn {
  readonly name: string;
  readonly values: Values;
}

/** A process that is killed can't say what was on; its supervisor gives it to the next one. */
function tellSupervisor(active: Switches['active']): void {
  const on: FaultOn[] = [...active].map(([{ name }, values]) => ({ name, values }));
  process.send?.({ faultsOn: JSON.stringify(on) });
}

async function goOn(switches: Switches): Promise<void> {
  for (const { name, values } of JSON.parse(textFrom('LAB_FAULTS_ON', '[]')) as readonly FaultOn[]) {
    const fault = faults.find((each) => each.name === name);
    if (fault !== undefined) await switches.on(fault, values);
  }
}

/** Longer than a client's next request takes to come on a connection that is in use. */
const drainMs = 1_500;

/**
 * A worker of a cluster asks its primary for a reload. One that is to go asks clients to close their connections with each reply,
 * since a request on a connection that is just being closed would fail; then it ends as on SIGTERM.
 */
function addReload(app: FastifyInstance, { token }: LabConfiguration): void {
  let draining = false;
  app.addHook('onSend', async (_request, reply) => void (draining && reply.header('connection', 'close')));
  app.post('/lab/reload', async (request, reply) => {
    if (request.headers.authorization !== `Bearer ${token}`) throw new Problem('not-authenticated');
    if (process.send === undefined) throw new Problem('not-found');
    process.send({ reload: true });
    return reply.code(202).send({ reload: 'begun' });
  });
  process.on('message', (message: { drain?: boolean }) => {
    if (message.drain !== true) return;
    draining = true;
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), drainMs);
  });
}

function through(url: string, port: number): string {
  const relayed = new URL(url);
  relayed.hostname = '127.0.0.1';
  relayed.port = String(port);
  return relayed.href;
}

/** As a container's runtime would limit it; faults stop below it (the bench's memory bound), but for the one that is to be killed. */
function reportLimits({ metrics }: Services, { memoryLimitMb }: LabConfiguration): void {
  const registers = [metrics.registry];
  const limit = { name: 'process_memory_limit_bytes', help: 'Memory that this process may use, by the lab', registers };
  new Gauge(limit).set(memoryLimitMb * 2 ** 20);
  const restarts = { name: 'process_restarts_total', help: 'Processes that ended by themselves before', registers };
  new Counter(restarts).inc(numberFrom('LAB_RESTARTS', 0, { least: 0, most: 1_000 }));
}

/** What a balancer in front of several nodes puts together with theirs. */
const shareMetrics = (app: FastifyInstance, { metrics }: Services): void =>
  void app.get('/lab/metrics', () => metrics.registry.getMetricsAsJSON());
