/** "did you mean …?": the nearest of the known words, where one is near enough to be a slip of the fingers. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** Words longer than this are no typing error, and the table below grows with both lengths. */
const LONGEST_WORD = 64;

/** A search among more names than this would take longer than reading the rest of the plan. */
const MOST_KNOWN = 1000;

/** The known word at the least distance, if that is at most a third of its letters (one at least). */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of Iterator.from(known).take(MOST_KNOWN)) {
    const limit = Math.min(least - 1, Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3)));
    // As many insertions at least as the one is longer than the other.
    if (Math.abs(word.length - candidate.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit) [best, least] = [candidate, distance];
  }
  return best;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string alignment, the restricted
 * form of Damerau 1964).
 */
export function editDistance(a: string, b: string): number {
  let [older, old]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) row.push(cell(a, b, [i, j], [older ?? [], old ?? [], row]));
    [older, old] = [old, row];
  }
  return old?.[b.length] ?? 0;
}

const at = (line: readonly number[] | undefined, place: number): number => line?.[place] ?? Number.POSITIVE_INFINITY;

function cell(a: string, b: string, [i, j]: [number, number], [older, old, row]: number[][]): number {
  const same = a[i - 1] === b[j - 1];
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return Math.min(
    at(old, j) + 1,
    at(row, j - 1) + 1,
    at(old, j - 1) + (same ? 0 : 1),
    swapped ? at(older, j - 2) + 1 : Number.POSITIVE_INFINITY,
  );
}
