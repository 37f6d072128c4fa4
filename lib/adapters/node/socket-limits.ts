import { readFile } from 'node:fs/promises';
import type { SocketLimits } from '../../run/sockets.ts';

const ENOUGH = Number.POSITIVE_INFINITY;

/** This process's limits as Linux shows them in /proc; where it can't be read, nothing is foreseen. */
export async function socketLimits(): Promise<SocketLimits> {
  const [limits, range] = await Promise.all(
    ['/proc/self/limits', '/proc/sys/net/ipv4/ip_local_port_range'].map((path) =>
      readFile(path, 'utf8').catch(() => ''),
    ),
  );
  return { files: filesIn(limits ?? ''), ports: portsIn(range ?? '') };
}

/** `Max open files   1024   1048576   files`: the soft limit, which Node raises to the hard one when it starts. */
export const filesIn = (limits: string): number => Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? ENOUGH);

/** `32768	60999`: first and last. */
export function portsIn(range: string): number {
  const [first, last] = range.trim().split(/\s+/).map(Number);
  return first === undefined || last === undefined ? ENOUGH : last - first + 1;
}
