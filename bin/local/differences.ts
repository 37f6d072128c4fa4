import type { ScriptDifference } from '../../lib/converters/converter.ts';

/** One line a difference, in the order of the script. */
export const describeDifferences = (path: string, differences: readonly ScriptDifference[]): string[] =>
  differences
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .map(({ effect, line, what }) => `${path}${line === undefined ? '' : `:${line}`} ${effect}: ${what}`);
