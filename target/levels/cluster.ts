/**
 * Several workers of the service that share a port: `node target/levels/cluster.ts WORKERS [HEAP_MB]`; prints {"port":N}. A worker's
 * `POST /lab/reload` replaces them one after another, each when its successor listens. One that ends by itself, be it for want of
 * memory, is started anew, with the faults that were on. Workers end with this process.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { exitWith } from '../failure.ts';
import { onParentGone } from '../lifeline.ts';
import { freePort } from '../stack/free-port.ts';

const SERVICE = fileURLToPath(new URL('../service/main.ts', import.meta.url));

/** Of a service that dies as soon as it has begun no more are started than this. */
const MOST_RESTARTS = 30;

let begun = 0;
let restarts = 0;
let stopping = false;
/** What a worker said last of the faults that are on. */
let faultsOn = '';
let members: readonly Worker[] = [];

async function begin(port: number): Promise<Worker> {
  begun += 1;
  const worker = cluster.fork({
    LAB_NODE: `${process.env['LAB_NODE'] ?? 'node'}-worker-${begun}`,
    LAB_RESTARTS: String(restarts),
    LAB_FAULTS_ON: faultsOn,
    // The same for all, so that one that is started when none is left listens where they did.
    PORT: String(port),
  });
  worker.process.stderr?.pipe(process.stderr, { end: false });
  const ended = once(worker, 'exit').then(() => Promise.reject(new Error('a worker ended before it listened')));
  await Promise.race([once(worker, 'listening'), ended]);
  ended.catch(() => undefined);
  return worker;
}

/** The old one ends only when the new one listens, and answers what it has taken on before. */
async function replace(worker: Worker, port: number): Promise<void> {
  const fresh = await begin(port);
  members = members.map((each) => (each === worker ? fresh : each));
  const ended = once(worker, 'exit');
  worker.send({ drain: true });
  await ended;
}

/** What is no longer a member was told to end. */
async function startAnew(worker: Worker, port: number): Promise<void> {
  if (stopping || !members.includes(worker)) return;
  members = members.filter((each) => each !== worker);
  restarts += 1;
  if (restarts > MOST_RESTARTS) throw new Error(`the service was started anew ${MOST_RESTARTS} times`);
  members = [...members, await begin(port)];
}

async function main(): Promise<void> {
  const [workers, heapMb] = process.argv.slice(2).map(Number);
  const bound = heapMb === undefined || heapMb === 0 ? [] : [`--max-old-space-size=${heapMb}`];
  cluster.setupPrimary({ exec: SERVICE, silent: true, execArgv: [...process.execArgv, ...bound] });
  const port = await freePort();
  members = await Promise.all(Array.from({ length: workers ?? 1 }, () => begin(port)));
  let reloading = false;
  const reload = async (): Promise<void> => {
    reloading = true;
    for (const member of members) await replace(member, port);
    reloading = false;
  };
  cluster.on('message', (_worker, message: { reload?: boolean; faultsOn?: string }) => {
    faultsOn = message.faultsOn ?? faultsOn;
    if (message.reload === true && !reloading) void reload();
  });
  cluster.on('exit', (worker) => void startAnew(worker, port).catch(exitWith));
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    for (const worker of members) worker.process.kill('SIGTERM');
    void Promise.all(members.map(async (worker) => worker.isDead() || once(worker, 'exit'))).then(() =>
      process.exit(0),
    );
  };
  onParentGone(stop);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  process.stdout.write(`${JSON.stringify({ port })}\n`);
}

main().catch(exitWith);
