import { MeasurementBuilder } from '../../../lib/measure/measurement.ts';
import { syntheticIntervals } from './synthetic.ts';

/**
 * A soak with its time compressed: what a worker records in `hours` hours goes through recorder, codec and timeline. Prints
 * what is alive after 10 minutes, half-way and at the end, garbage collected each time. Arguments: hours, requests a second.
 */
const [hours = 0, perSecond = 0] = process.argv.slice(2).map(Number);
const seconds = hours * 3600;
const EARLY_SECONDS = 600;
const MIDDLE_SECONDS = seconds / 2;

function alive(): { heapBytes: number; rssBytes: number } {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + external, rssBytes: rss };
}

const startedMs = performance.now();
const builder = new MeasurementBuilder(seconds);
let early = alive();
let middle = early;
for (const wire of syntheticIntervals(seconds, perSecond, 0)) {
  builder.addWire(wire.second, wire);
  if (wire.second === EARLY_SECONDS) early = alive();
  if (wire.second === MIDDLE_SECONDS) middle = alive();
}
const end = alive();
const result = {
  seconds: (performance.now() - startedMs) / 1000,
  requests: builder.build().total.arrivals.completed,
  early,
  middle,
  end,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
