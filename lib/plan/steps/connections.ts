import type { PlanInput } from '../schema.ts';
import { lowerProxy, type Proxied } from './proxy.ts';

/** Over what connections requests go, and whom they trust. */
export interface PlanConnections extends Proxied {
  readonly tls: {
    readonly insecure: boolean;
    readonly ca?: string;
    readonly servername?: string;
    /** The client's certificate, and the environment variable that holds its key, which is stored nowhere. */
    readonly client?: { readonly cert: string; readonly keyFrom: string };
  };
  readonly connections: 'shared' | 'per-user';
  readonly sourceAddresses: readonly string[];
  readonly http2: boolean;
}

/** `ca` and `cert` are the texts of the files that the plan names. */
export function lowerConnections(
  input: PlanInput,
  { ca, cert }: { readonly ca?: string; readonly cert?: string },
): PlanConnections {
  const { insecure = false, servername, key } = input.tls ?? {};
  return {
    tls: {
      insecure,
      ...(ca !== undefined && { ca }),
      ...(servername !== undefined && { servername }),
      ...(cert !== undefined && key !== undefined && { client: { cert, keyFrom: key } }),
    },
    connections: input.connections ?? 'shared',
    sourceAddresses: input.sourceAddresses ?? [],
    http2: input.http2 ?? false,
    ...lowerProxy(input.proxy),
  };
}
