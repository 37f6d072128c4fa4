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
