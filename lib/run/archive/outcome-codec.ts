import { z } from 'zod';
import type { PhaseOutcome } from '../../analysis/outcome.ts';
import { decodeInterval, encodeInterval, parseInterval } from '../../measure/codec.ts';
import type { Interval } from '../../measure/interval.ts';
import { Timeline, type Point } from '../../measure/timeline.ts';
import type { Phase } from '../../plan/phase.ts';

const OUTCOME_FORMAT = 'plimsoll.outcome.v1';

const outcomeFile = z.object({
  format: z.literal(OUTCOME_FORMAT),
  startedAtMs: z.number(),
  ranSeconds: z.number(),
  lost: z.string().optional(),
  total: z.unknown(),
  within: z.unknown(),
  busiestRatios: z.array(z.number().nullable()),
  points: z.array(z.custom<Point>()),
});

/** `outcome.json`: as much as the report needs, a few hundred kilobytes however long the phase was. */
export function encodeOutcome({ startedAtMs, ranSeconds, timeline, lost }: PhaseOutcome): string {
  const key = { phase: 0, worker: 0, second: 0 };
  return JSON.stringify({
    format: OUTCOME_FORMAT,
    startedAtMs,
    ranSeconds,
    lost,
    total: encodeInterval(key, timeline.total),
    within: encodeInterval(key, timeline.within),
    busiestRatios: timeline.busiestRatios,
    points: timeline.points(),
  });
}

/** @throws SyntaxError, ZodError */
export function decodeOutcome(text: string, phase: Phase): PhaseOutcome {
  const { startedAtMs, ranSeconds, lost, busiestRatios, ...told } = outcomeFile.parse(JSON.parse(text));
  const timeline = new KeptTimeline(phase, {
    points: told.points.map(restored),
    total: decodeInterval(parseInterval(told.total)),
    within: decodeInterval(parseInterval(told.within)),
  });
  // A second that nobody told of is a gap in the list, which JSON writes as null.
  timeline.busiestRatios.push(...busiestRatios.map((ratio) => ratio ?? 0));
  return { phase, startedAtMs, ranSeconds, timeline, ...(lost !== undefined && { lost }) };
}

/** JSON has no NaN, which stands for what was not measured. */
const restored = (point: Point): Point => ({
  ...point,
  startDelayP99Us: point.startDelayP99Us ?? Number.NaN,
  generatorCpuRatio: point.generatorCpuRatio ?? Number.NaN,
});

interface Kept {
  readonly points: readonly Point[];
  readonly total: Interval;
  readonly within: Interval;
}

/** A timeline that is over: nothing is added to it any more. */
class KeptTimeline extends Timeline {
  readonly #kept: Kept;

  constructor(phase: Phase, kept: Kept) {
    super(phase.durationUs / 1e6);
    this.#kept = kept;
  }

  override get total(): Interval {
    return this.#kept.total;
  }

  override get within(): Interval {
    return this.#kept.within;
  }

  override points(): readonly Point[] {
    return this.#kept.points;
  }
}
