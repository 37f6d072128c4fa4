import { numberFrom } from '../environment.ts';
import { type Child, type ChildOptions, startChild } from '../stack/children.ts';

/** What a process of the service holds beside its heap: code, buffers, stacks. */
const BESIDE_HEAP_MB = 200;

type Started = <Part extends Child>(part: Part) => Part;

/**
 * The services of the lab, as many as its environment says: LAB_NODES nodes of LAB_WORKERS workers, and a balancer in front of more
 * than one node. With LAB_HEAP_MB each worker has a heap of that size, and is started anew when it is killed.
 * @returns what listens for clients
 */
export async function startServices(options: ChildOptions, started: Started): Promise<Child> {
  const bounds = { least: 1, most: 16 };
  const [nodes, workers] = [numberFrom('LAB_NODES', 1, bounds), numberFrom('LAB_WORKERS', 1, bounds)];
  const heapMb = numberFrom('LAB_HEAP_MB', 0, { least: 0, most: 512 });
  const memory = heapMb === 0 ? {} : { LAB_MEMORY_LIMIT_MB: String(heapMb + BESIDE_HEAP_MB) };
  const children: Child[] = [];
  for (let node = 1; node <= nodes; node += 1) {
    const environment = { ...options.environment, ...memory, LAB_NODE: `node-${node}` };
    const entry =
      workers === 1 && heapMb === 0
        ? await startChild(`service ${node}`, 'service/main.ts', { ...options, environment })
        : await startChild(`service ${node}`, 'levels/cluster.ts', {
            ...options,
            environment,
            args: [String(workers), String(heapMb)],
          });
    children.push(started(entry));
  }
  const [first] = children;
  if (first !== undefined && children.length === 1) return first;
  const ports = children.map(({ hello }) => String(hello.port));
  return started(await startChild('balancer', 'levels/balancer.ts', { ...options, args: ports }));
}
