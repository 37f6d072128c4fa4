import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A repeatable stream of numbers in [0, 1): the same seed gives the same run. */
export function uniform01(seed: number): () => number {
  // Made at the first draw, since most streams are never drawn from.
  let generator: ReturnType<typeof xoroshiro128plus> | undefined;
  return () => uniformFloat64((generator ??= xoroshiro128plus(seed)));
}

/**
 * One 32-bit seed out of several numbers, so that every phase, user and arrival has a stream of its own
 * (finaliser of MurmurHash3, Appleby 2011, folded over the parts).
 */
export function seedOf(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash | 0;
}
