import { seedOf } from '../../lib/schedule/random.ts';

/** Upper bounds in (0, 1] in proportion to the weights. */
export function cumulative(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  return weights.map((weight) => (sum += weight) / total);
}

/** The first index whose bound is above `draw`. */
export const indexBelow = (bounds: readonly number[], draw: number): number => {
  const index = bounds.findIndex((bound) => draw < bound);
  return index < 0 ? bounds.length - 1 : index;
};

/**
 * Whole numbers in proportion to weights, one item at a time: among the first n items each kind has its share of n, rounded down
 * or up, for every n. The quota method (Balinski and Young, 1975): of the kinds that one more keeps within their share rounded
 * up, the one with the greatest weight an item.
 */
export class Apportionment {
  readonly #weights: readonly number[];
  readonly #total: number;
  readonly #counts: number[];
  readonly #kinds: number[] = [];

  constructor(weights: readonly number[]) {
    this.#weights = weights;
    this.#total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#counts = weights.map(() => 0);
  }

  /** The kind of item `index`, from 0. */
  kindOf(index: number): number {
    while (this.#kinds.length <= index) this.#add();
    return this.#kinds[index] ?? 0;
  }

  #add(): void {
    const items = this.#kinds.length + 1;
    let best = 0;
    let most = -1;
    for (const [kind, weight] of this.#weights.entries()) {
      const count = this.#counts[kind] ?? 0;
      const anItem = weight / (count + 1);
      if (count * this.#total < items * weight && anItem > most) [best, most] = [kind, anItem];
    }
    this.#counts[best] = (this.#counts[best] ?? 0) + 1;
    this.#kinds.push(best);
  }
}

/** A prime: every factor below it makes a permutation. */
const STRATA = 101;

/**
 * A number in [0, 1) for item `index`: random, yet of each run of 101 items every hundred-and-first part of [0, 1) holds one. So
 * few items are spread as their weights ask (stratified sampling), while which of them comes when remains chance.
 */
export function stratified(seed: number, index: number): number {
  const run = Math.floor(index / STRATA);
  const hash = seedOf(seed, run) >>> 0;
  const factor = 1 + (hash % (STRATA - 1));
  const shift = Math.floor(hash / STRATA) % STRATA;
  const stratum = ((index % STRATA) * factor + shift) % STRATA;
  return (stratum + (seedOf(seed, index, 1) >>> 0) / 2 ** 32) / STRATA;
}
