import { isIP } from 'node:net';
import type { Plan } from '../../lib/plan/plan.ts';
import type { Address } from './address.ts';

/**
 * Whose certificate the server of a request has to show, and what SNI says: the host that its Host header claims, or of the target what
 * the plan says (`tls.servername`); undefined where that is the host of the address. Without TLS there is none.
 */
export function compileServerName({ plan, target }: { readonly plan: Plan; readonly target: URL }) {
  const { servername } = plan.tls;
  return ({ origin }: Address, host: string | undefined): string | undefined => {
    if (!origin.startsWith('https:')) return undefined;
    if (servername !== undefined && origin === target.origin) return servername;
    return host === undefined ? undefined : nameIn(host);
  };
}

/** `shop.example.test:8443` → `shop.example.test`, `[::1]:443` → `::1`; undefined where it is no name and no address. */
function nameIn(host: string): string | undefined {
  const [, address, name] = /^(?:\[([^\]]+)\]|([^:\s[\]]+))(?::\d*)?$/.exec(host.trim()) ?? [];
  return name ?? (address !== undefined && isIP(address) !== 0 ? address : undefined);
}
