/**
 * A stretch of time over which a level (arrivals a second, or virtual users) runs straight from one value to another.
 * Every load shape is a list of these, so that constant, ramp, stages and spike need no code of their own past the plan.
 */
export interface Segment {
  readonly durationUs: number;
  readonly from: number;
  readonly to: number;
}

export const totalUs = (segments: readonly Segment[]): number => segments.reduce((sum, s) => sum + s.durationUs, 0);

/** The same levels in a `factor`th of the time (`--compress`). */
export const compressed = (segments: readonly Segment[], factor: number): Segment[] =>
  segments.map((s) => ({ ...s, durationUs: Math.max(1, Math.round(s.durationUs / factor)) }));

/** The level at `atUs`; where two segments meet the later one counts; 0 outside. */
export function levelAt(segments: readonly Segment[], atUs: number): number {
  let startUs = 0;
  for (const segment of segments) {
    const insideUs = atUs - startUs;
    if (insideUs >= 0 && insideUs < segment.durationUs) {
      return segment.from + ((segment.to - segment.from) * insideUs) / segment.durationUs;
    }
    startUs += segment.durationUs;
  }
  return 0;
}

export const peakLevel = (segments: readonly Segment[]): number =>
  segments.reduce((peak, s) => Math.max(peak, s.from, s.to), 0);

/** Level × seconds of one segment: arrivals, where the level is a rate. */
export const area = (segment: Segment): number => ((segment.from + segment.to) / 2) * (segment.durationUs / 1e6);

/** The area before `untilUs`. */
export function areaUntil(segments: readonly Segment[], untilUs: number): number {
  let [startUs, sum] = [0, 0];
  for (const segment of segments) {
    const { durationUs, from, to } = segment;
    const insideUs = Math.min(durationUs, Math.max(0, untilUs - startUs));
    if (insideUs > 0) sum += area({ durationUs: insideUs, from, to: from + ((to - from) * insideUs) / durationUs });
    startUs += durationUs;
  }
  return sum;
}

/**
 * Microseconds into `segment` at which `count` of its area has passed: the root of ½·g·t² + from·t = count with
 * g = (to − from)/duration, in the form 2c / (from + √(from² + 2gc)), which loses no digits where g is near 0.
 */
export function timeAtArea(segment: Segment, count: number): number {
  if (count <= 0) return 0;
  const seconds = segment.durationUs / 1e6;
  const growth = (segment.to - segment.from) / seconds;
  const root = Math.sqrt(Math.max(0, segment.from * segment.from + 2 * growth * count));
  return Math.min(segment.durationUs, ((2 * count) / (segment.from + root)) * 1e6);
}
