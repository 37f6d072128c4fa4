import { setTimeout as pause } from 'node:timers/promises';
import { decimal, type Fault, valueOf } from '../fault.ts';

export const unevenNodes: Fault = {
  name: 'uneven-nodes',
  title: 'One of three nodes behind a balancer is slow',
  bottleneck: 'balancer',
  needs: { nodes: 3 },
  parameters: { delay: decimal(1, 0.05, 5) },
  // Switches reach the first node alone.
  begin: async (bench, values) => bench.beforeRequests(() => pause(valueOf(values, 'delay') * 1_000)),
};
