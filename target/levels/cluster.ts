/**
 * Several workers of the service that share a port: `node target/levels/cluster.ts WORKERS`; prints {"port":N}. A worker's
 * `POST /lab/reload` replaces them one after another, each when its successor listens. Workers end with this process.
 */
import cluster, { type Address, type Worker } from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { exitWith } from '../failure.ts';
import { onParentGone } from '../lifeline.ts';

const SERVICE = fileURLToPath(new URL('../service/main.ts', import.meta.url));

interface Member {
  readonly worker: Worker;
  readonly port: number;
}

let begun = 0;
let stopping = false;

async function begin(): Promise<Member> {
  begun += 1;
  const worker = cluster.fork({ LAB_NODE: `${process.env['LAB_NODE'] ?? 'node'}-worker-${begun}` });
  worker.process.stderr?.pipe(process.stderr, { end: false });
  const ended = once(worker, 'exit').then(() => Promise.reject(new Error('a worker ended before it listened')));
  const [address] = (await Promise.race([once(worker, 'listening'), ended])) as [Address];
  ended.catch(() => undefined);
  return { worker, port: address.port };
}

/** The old one ends only when the new one listens, and answers what it has taken on before. */
async function replace({ worker }: Member): Promise<Member> {
  const fresh = await begin();
  const ended = once(worker, 'exit');
  worker.send({ drain: true });
  await ended;
  return fresh;
}

async function main(): Promise<void> {
  cluster.setupPrimary({ exec: SERVICE, silent: true });
  let members = await Promise.all(Array.from({ length: Number(process.argv[2] ?? 1) }, begin));
  let reloading = false;
  cluster.on('message', (_worker, message: { reload?: boolean }) => {
    if (message.reload !== true || reloading) return;
    reloading = true;
    void reload();
  });
  const reload = async (): Promise<void> => {
    const fresh: Member[] = [];
    for (const member of members) fresh.push(await replace(member));
    members = fresh;
    reloading = false;
  };
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    for (const { worker } of members) worker.process.kill('SIGTERM');
    void Promise.all(members.map(async ({ worker }) => worker.isDead() || once(worker, 'exit'))).then(() =>
      process.exit(0),
    );
  };
  onParentGone(stop);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  process.stdout.write(`${JSON.stringify({ port: members[0]?.port })}\n`);
}

main().catch(exitWith);
