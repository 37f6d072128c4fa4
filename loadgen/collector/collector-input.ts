import { z } from 'zod';
import type { ServicePlace } from '../../lib/adapters/aws/service-tasks.ts';

const environment = z.object({
  PLIMSOLL_STORE: z.string().min(1),
  PLIMSOLL_RUN: z.string().min(1),
  PLIMSOLL_SYSTEM: z.string().min(1),
  PLIMSOLL_MAX_HOURS: z.coerce.number().positive(),
  /** With the token that the cache asks for: a secret. */
  PLIMSOLL_CACHE_URL: z.string().optional(),
});

const system = z.object({
  service: z.object({ cluster: z.string(), name: z.string(), port: z.int() }),
  /** `token`: the password is a token for the role that the task has, and lasts for minutes. */
  database: z.object({ url: z.string(), token: z.boolean() }).exactOptional(),
});

/** The system under test, as its stack knows it. */
export type CollectedSystem = z.infer<typeof system>;

/** What a collector is started with. */
export interface CollectorInput {
  readonly storeAddress: string;
  readonly runId: string;
  readonly service: ServicePlace & { readonly port: number };
  readonly database?: NonNullable<CollectedSystem['database']>;
  readonly cacheUrl?: string;
  /** It ends by itself after so long, whatever happens. */
  readonly maxHours: number;
}

/** @throws Error, with a line for each variable that is missing or wrong */
export function collectorInputFrom(env: Readonly<Record<string, string | undefined>>): CollectorInput {
  const read = environment.parse(env);
  const { service, database } = system.parse(JSON.parse(read.PLIMSOLL_SYSTEM));
  return {
    storeAddress: read.PLIMSOLL_STORE,
    runId: read.PLIMSOLL_RUN,
    service,
    maxHours: read.PLIMSOLL_MAX_HOURS,
    ...(database && { database }),
    ...(read.PLIMSOLL_CACHE_URL !== undefined && { cacheUrl: read.PLIMSOLL_CACHE_URL }),
  };
}
