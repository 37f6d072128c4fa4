import { z } from 'zod';
import { variableName } from './schemas/name.ts';

const url = z.url({ protocol: /^http$/, error: 'is no address of a proxy; write http://HOST:PORT' });

export const proxySchema = z
  .union([url, z.strictObject({ url, credentials: variableName.optional() })])
  .describe(
    'An HTTP proxy that all requests go by: http://HOST:PORT, or { url, credentials: NAME }, an environment variable that holds user:password.',
  );

/** How requests of a plan go. */
export interface Proxied {
  readonly proxy?: {
    readonly url: string;
    /** The environment variable that holds user and password, which are stored nowhere. */
    readonly credentialsFrom?: string;
  };
}

export function lowerProxy(written: z.infer<typeof proxySchema> | undefined): Proxied {
  if (written === undefined || typeof written === 'string')
    return written === undefined ? {} : { proxy: { url: written } };
  const { url: address, credentials } = written;
  return { proxy: { url: address, ...(credentials !== undefined && { credentialsFrom: credentials }) } };
}
