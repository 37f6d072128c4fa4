import type { RunLine } from '../../lib/run/archive/runs.ts';
import type { StoredRepeats } from './stored-repeats.ts';

/** `five` of `five/1`; nothing of a run that is no repeat. */
const seriesOf = (id: string): string | undefined => (id.includes('/') ? id.split('/')[0] : undefined);

/** Ids of the runs that were chosen, the oldest first; a name of repeats stands for all of them. Undefined where one is not there. */
export function chosenFrom(
  lines: readonly RunLine[],
  repeats: readonly StoredRepeats[],
  names: readonly string[],
): readonly string[] | undefined {
  const ids = lines.toReversed().map(({ id }) => id);
  const isThere = (name: string): boolean => ids.includes(name) || repeats.some((each) => each.name === name);
  if (!names.every(isThere)) return undefined;
  return ids.filter((id) => names.includes(id) || names.includes(seriesOf(id) ?? id));
}

/** The newest run, with the others of its series where there are any, is held against the rest; within one series it is alone. */
export function sidesOf(ids: readonly string[]): readonly [baselines: readonly string[], runs: readonly string[]] {
  const newest = ids.at(-1);
  const series = newest === undefined ? undefined : seriesOf(newest);
  const others = ids.filter((id) => id !== newest);
  const alike = others.filter((id) => series !== undefined && seriesOf(id) === series);
  const together = alike.length === others.length ? [] : alike;
  return [others.filter((id) => !together.includes(id)), ids.filter((id) => id === newest || together.includes(id))];
}
