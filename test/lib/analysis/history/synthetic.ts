import { changePoints } from '../../../../lib/analysis/history/change-points.ts';
import { seedOf, uniform01 } from '../../../../lib/schedule/random.ts';

/** Values of a standard normal distribution, `size` of them. */
export function noise(seed: number, size: number): readonly number[] {
  const draw = uniform01(seedOf(seed, 41));
  return Array.from({ length: size }, () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw()));
}

/** Runs before the step, and from the first look at a history on. */
const BEFORE = 30;

/** Whether a step of two standard deviations is found, within two runs of its place, when five runs or fewer have followed it. */
function isStepFound(seed: number): boolean {
  const values = noise(seed, BEFORE + 5).map((value, at) => (at < BEFORE ? value : value + 2));
  return [3, 4, 5].some((after) =>
    changePoints(values.slice(0, BEFORE + after)).some(({ at }) => Math.abs(at - BEFORE) <= 2),
  );
}

/** Changes that are found when one looks after each of a hundred runs in which nothing changes; places close by are one. */
function falseAlarms(seed: number): number {
  const values = noise(1e6 + seed, BEFORE + 100);
  const found: number[] = [];
  for (let size = BEFORE + 1; size <= values.length; size += 1)
    for (const { at } of changePoints(values.slice(0, size)))
      if (!found.some((each) => Math.abs(each - at) <= 5)) found.push(at);
  return found.length;
}

/** Of so many histories: the share in which a step is found, and false alarms in a hundred runs. */
export function scoreHistories(histories: number): { readonly found: number; readonly falseAlarms: number } {
  const seeds = Array.from({ length: histories }, (_, seed) => seed);
  return {
    found: seeds.filter(isStepFound).length / histories,
    falseAlarms: seeds.reduce((sum, seed) => sum + falseAlarms(seed), 0) / histories,
  };
}
