/** µs since a phase's agreed start. Monotonic: it comes from the performance counter, anchored to wall-clock time once. */
export type Clock = () => number;

/** `startAtMs` is the agreed start in ms since the epoch; before it the clock is negative. */
export function phaseClock(startAtMs: number): Clock {
  const offsetMs = performance.timeOrigin - startAtMs;
  return () => (performance.now() + offsetMs) * 1000;
}
