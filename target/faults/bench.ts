import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../service/services.ts';
import type { LabConfiguration } from './configuration.ts';
import type { Relay } from './relay.ts';
import { openWorkers, type Workers } from './workers.ts';

/** Ends what a fault has begun; whatever it held is free afterwards. */
export type Release = () => void | Promise<void>;

/** Runs before the handler of each request of the marketplace; a reply that it sends is the answer. */
export type Before = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
/** Makes another body of a reply that is about to be sent. */
export type Rewrite = (body: string) => string;

/** Parts of the service that a fault can put another in the place of. */
type Part = 'cache' | 'provider';

/** What faults work with: the service's parts, and the places where they can get in. */
export interface Bench {
  readonly services: Services;
  readonly configuration: LabConfiguration;
  readonly cacheRelay: Relay;
  readonly downstreamRelay: Relay;
  readonly workers: Workers;
  readonly memory: Hoard;
  /** Through its relay. */
  readonly downstreamUrl: string;
  /** The cache itself, past its relay. */
  readonly cacheUrl: string;
  readonly before: ReadonlySet<Before>;
  readonly rewrites: ReadonlySet<Rewrite>;
  beforeRequests(hook: Before): Release;
  rewriteReplies(hook: Rewrite): Release;
  /** Puts `other` in the place of a part of the service. */
  replace<Name extends Part>(name: Name, other: Services[Name]): Release;
}

/** Memory that faults hold on purpose, up to a bound. */
export interface Hoard {
  readonly heldMb: number;
  /** Takes that much, written to so that it is resident; false, and nothing taken, where the bound would be crossed. */
  take(megabytes: number): boolean;
  clear(): void;
}

export function createHoard(boundMb: number): Hoard {
  let held: Buffer[] = [];
  const heldMb = (): number => held.reduce((sum, { length }) => sum + length, 0) / 2 ** 20;
  return {
    get heldMb() {
      return heldMb();
    },
    take(megabytes) {
      if (heldMb() + megabytes > boundMb) return false;
      held.push(Buffer.alloc(Math.round(megabytes * 2 ** 20), 1));
      return true;
    },
    clear: () => void (held = []),
  };
}

export interface BenchParts {
  readonly services: Services;
  readonly configuration: LabConfiguration;
  readonly cacheRelay: Relay;
  readonly downstreamRelay: Relay;
  readonly downstreamUrl: string;
  readonly cacheUrl: string;
}

/** A bench over the service's parts; the service must be built from `bench.services`, whose parts can be replaced. */
export function openBench(parts: BenchParts): Bench {
  const before = new Set<Before>();
  const rewrites = new Set<Rewrite>();
  const replaced: Partial<Pick<Services, Part>> = {};
  const services: Services = {
    ...parts.services,
    get cache() {
      return replaced.cache ?? parts.services.cache;
    },
    get provider() {
      return replaced.provider ?? parts.services.provider;
    },
  };
  return {
    ...parts,
    services,
    workers: openWorkers(parts.services.metrics.registry),
    memory: createHoard(parts.configuration.memoryBoundMb),
    before,
    rewrites,
    beforeRequests: (hook) => added(before, hook),
    rewriteReplies: (hook) => added(rewrites, hook),
    replace(name, other) {
      replaced[name] = other;
      return () => void delete replaced[name];
    },
  };
}

function added<Hook>(hooks: Set<Hook>, hook: Hook): Release {
  hooks.add(hook);
  return () => void hooks.delete(hook);
}
