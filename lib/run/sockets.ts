import type { Phase } from '../plan/phase.ts';
import { meanJourney, type Plan } from '../plan/plan.ts';
import { peakLevel } from '../schedule/segment.ts';
import { formatNumber } from '../units.ts';

/** What this machine gives one process: open files, and ports of one source address towards one target. */
export interface SocketLimits {
  readonly files: number;
  readonly ports: number;
}

/** Files that are open anyway: libraries, pipes, connections to the database and the cache. */
export const OTHER_FILES = 200;

/** A port rests in TIME_WAIT when its connection was closed from here (RFC 9293 §3.6.1): 60 s in Linux, which on loopback reuses it after 1 s. */
const REST_SECONDS = { loopback: 1, elsewhere: 60 } as const;

/** Too few of something: a sentence without its full stop, and what to do. */
export interface Shortage {
  readonly says: string;
  readonly remedy: string;
}

/**
 * What can be known before a run of phases that will run out of sockets; none where there are enough. An open
 * model with shared connections needs as many as the target is slow, which only the run will show.
 */
export function foreseeSockets(plan: Plan, limits: SocketLimits, where: keyof typeof REST_SECONDS): Shortage[] {
  const ports = limits.ports * Math.max(1, plan.sourceAddresses.length);
  const files = Math.max(0, limits.files - OTHER_FILES);
  return plan.phases.flatMap((phase) => {
    const peak = peakLevel(phase.segments) / (phase.counts === undefined ? 1 : meanJourney(plan).requests);
    if (phase.model === 'closed') return shortage(phase, Math.ceil(peak), { ports, files });
    if (plan.connections === 'shared') return [];
    return shortage(phase, Math.ceil(peak * REST_SECONDS[where]), { ports, files: Number.POSITIVE_INFINITY });
  });
}

function shortage({ name, model }: Phase, needed: number, { ports, files }: SocketLimits): Shortage[] {
  const what =
    model === 'closed'
      ? `${formatNumber(needed)} users may hold a connection each`
      : `every arrival opens a connection, and ${formatNumber(needed)} ports would be in use or resting at its peak`;
  if (needed > ports) {
    const says = `In ${name} ${what}, but there are ${formatNumber(ports)} ports`;
    return [{ says, remedy: 'give more sourceAddresses, or widen net.ipv4.ip_local_port_range.' }];
  }
  if (needed > files) {
    const says = `In ${name} ${what}, but this process may open ${formatNumber(files)} more files`;
    return [{ says, remedy: 'raise ulimit -n.' }];
  }
  return [];
}
