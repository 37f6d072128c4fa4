import * as fc from 'fast-check';
import { shapes } from '../../lib/schedule/shapes/index.ts';
import type { Segment } from '../../lib/schedule/segment.ts';

/** Doubles have no digits left to share a level near their smallest out; one arrival in thirty years is as good as none. */
const LEAST = 1e-9;
const level = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.double({ min: 0, max: 300, noNaN: true }).map((rate) => (rate < LEAST ? 0 : rate)),
);
const ms = fc.integer({ min: 1, max: 4000 });
const duration = ms.map((amount) => `${amount}ms`);

const constant = fc.tuple(level, ms).map(([rate, amount]) => shapes.constant.segments(rate, amount * 1000));
const ramp = fc.tuple(level, level, ms).map(([from, to, amount]) => shapes.ramp.segments({ from, to }, amount * 1000));
const stages = fc
  .array(fc.oneof(fc.record({ duration, to: level }), fc.record({ duration, hold: level })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((list) => shapes.stages.segments(list));
const spike = fc
  .record({ base: level, peak: level, at: duration, for: duration, rest: ms })
  .map(({ rest, ...input }) =>
    shapes.spike.segments(input, (Number.parseInt(input.at, 10) + Number.parseInt(input.for, 10) + rest) * 1000),
  );

/** Segments of every shape that a plan can write. */
export const loads: fc.Arbitrary<Segment[]> = fc.oneof(constant, ramp, stages, spike);
