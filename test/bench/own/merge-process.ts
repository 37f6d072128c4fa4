import { parseInterval } from '../../../lib/measure/codec.ts';
import { MeasurementBuilder } from '../../../lib/measure/measurement.ts';
import { syntheticIntervals } from './synthetic.ts';

/**
 * Merges the intervals of many workers as they lie in the store, line by line: JSON, check, decode, add. Arguments: workers,
 * seconds a worker. Prints what it took. A worker's lines are made once for 60 s and come again with other seconds.
 */
const [workers = 0, seconds = 0] = process.argv.slice(2).map(Number);
const MADE_SECONDS = 60;
const PER_SECOND = 200;
/** Lines differ from second to second; four workers' worth of them is variety enough, and little memory. */
const MADE_WORKERS = 4;

const SECOND = /"second":\d+/;
const lines = Array.from({ length: MADE_WORKERS }, (_, worker) =>
  Array.from(syntheticIntervals(MADE_SECONDS, PER_SECOND, worker), (wire) => JSON.stringify(wire)),
);
const bytes = lines.flat().reduce((sum, line) => sum + line.length, 0) / (MADE_WORKERS * MADE_SECONDS);
const rssBeforeBytes = process.memoryUsage.rss();
const startedMs = performance.now();
const builder = new MeasurementBuilder(seconds);
for (let second = 0; second < seconds; second += 1) {
  for (let worker = 0; worker < workers; worker += 1) {
    const line = lines[worker % MADE_WORKERS]?.[second % MADE_SECONDS] ?? '';
    const wire = parseInterval(JSON.parse(line.replace(SECOND, `"second":${second}`)));
    builder.addWire(wire.second, wire);
  }
}
const points = builder.build().points.length;
const result = {
  seconds: (performance.now() - startedMs) / 1000,
  intervals: workers * seconds,
  bytesPerLine: Math.round(bytes),
  points,
  requests: builder.build().total.arrivals.completed,
  rssBeforeBytes,
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
