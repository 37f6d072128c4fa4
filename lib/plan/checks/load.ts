import { parseDurationUs } from '../../units.ts';
import { phasesOf, asRecord, textsBelow, type Draft, type Placed } from '../draft.ts';
import { quote, type Problem } from '../../document/problems.ts';
import { shapesOf } from '../load.ts';

/** Phases that last no time, and plans that ask for no load. */
export function checkLoad(draft: Draft): Problem[] {
  const phases = phasesOf(draft);
  const idle = phases.length > 0 && phases.every(({ value }) => peakOf(value) === 0);
  return [
    ...phases.flatMap(lastsNoTime),
    ...(idle
      ? [{ path: ['phases'], text: 'no phase carries any load; raise a rate or a number of users above 0' }]
      : []),
  ];
}

function lastsNoTime({ path, value }: Placed<Draft>): Problem[] {
  const { duration } = value;
  if (typeof duration === 'string')
    return isZero(duration)
      ? [{ path: [...path, 'duration'], text: `${quote(duration)} is no time; write 30s, say` }]
      : [];
  return shapesOf(value).flatMap(({ shape: { ownTime }, input }) => {
    if (ownTime === undefined) return [];
    const texts = textsBelow({ path, value: input });
    return texts.length > 0 && texts.every((each) => isZero(each.value))
      ? [{ path, text: `lasts no time; ${ownTime}` }]
      : [];
  });
}

const isZero = (text: string): boolean => parseDurationUs(text) === 0;

/** The highest level that a phase names; undefined where it names none that could be read. */
function peakOf(phase: Draft): number | undefined {
  const levels = numbersBelow(shapesOf(phase).map(({ input }) => input));
  return levels.length === 0 ? undefined : levels.reduce((peak, level) => Math.max(peak, level));
}

/** Levels are the only numbers that a shape is written with: times are texts. */
const numbersBelow = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return (Array.isArray(value) ? value : Object.values(asRecord(value))).flatMap(numbersBelow);
};
