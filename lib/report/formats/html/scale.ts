/** Maps a value to 0 (the axis's low end) … 1 (its high end). */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

const MANTISSAS = [1, 2, 5, 10];

/** The nearest of 1, 2, 5 × 10ⁿ that is not below (or, `down`, not above) the value. */
export function roundTo(value: number, down = false): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const mantissa = value / magnitude;
  // A hair of tolerance, or 0.3 / 0.1 would count as more than 3.
  const found = down
    ? MANTISSAS.findLast((each) => each <= mantissa + 1e-9)
    : MANTISSAS.find((each) => each >= mantissa - 1e-9);
  return (found ?? 1) * magnitude;
}

/** The power of two that is not below the value: what bytes count in. */
export const binaryStep = (value: number): number => 2 ** Math.ceil(Math.log2(value));

/** From 0 to at least `high`, with at most `most` + 1 round ticks. */
export function linearScale(high: number, most: number, round: (value: number) => number = roundTo): Scale {
  const step = round((high > 0 ? high : 1) / most);
  const count = Math.max(1, Math.ceil((high > 0 ? high : 1) / step - 1e-9));
  const top = count * step;
  const ticks = Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
  return { at: (value) => Math.min(1, Math.max(0, value / top)), ticks };
}

/** Between round ends around `low` and `high` (both above 0), with a tick at each power of ten and at the ends. */
export function logScale(low: number, high: number): Scale {
  const [bottom, top] = [roundTo(low, true), roundTo(Math.max(high, low * 1.01))];
  const span = Math.log10(top / bottom);
  const ticks: number[] = [];
  for (let power = Math.ceil(Math.log10(bottom) - 1e-9); 10 ** power <= top * 1.001; power += 1)
    ticks.push(10 ** power);
  return {
    at: (value) => Math.min(1, Math.max(0, Math.log10(Math.max(value, bottom) / bottom) / span)),
    ticks: ticks.length > 1 ? ticks : [bottom, top],
  };
}

/** Steps that fall on whole seconds, minutes and hours. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800];

export function timeTicks(totalSeconds: number, most: number): number[] {
  const step = TIME_STEPS.find((each) => totalSeconds / each <= most) ?? Math.ceil(totalSeconds / most / 3600) * 3600;
  return Array.from({ length: Math.floor(totalSeconds / step + 1e-9) + 1 }, (_, at) => at * step);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `45 s` in a run of some minutes, `12:30` (minutes) in one of an hour, else `1:05 h`. */
export function clock(seconds: number, totalSeconds: number): string {
  if (totalSeconds <= 180) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (totalSeconds <= 7200) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)} h`;
}
