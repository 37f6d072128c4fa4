import { z } from 'zod';
import type { PhaseOutcome } from '../../analysis/outcome.ts';
import { decodeInterval, parseInterval } from '../../measure/codec.ts';
import { encodeInterval } from '../../measure/encode.ts';
import type { Point } from '../../measure/measurement.ts';
import type { Phase } from '../../plan/phase.ts';
import { measurePhase } from './measure-phase.ts';
import { phaseAt } from './phase-files.ts';
import type { StoredRun } from './run-record.ts';
import { textAt, type Store } from './store.ts';

/** Every phase that was begun. One without a stored outcome was broken off, and is put together from its intervals. */
export async function outcomesOf(store: Store, run: StoredRun): Promise<PhaseOutcome[]> {
  const outcomes: PhaseOutcome[] = [];
  for (let number = 0; ; number += 1) {
    const keys = run.keys.phase(number);
    const handedOut = await phaseAt(store, keys);
    if (handedOut === undefined) return outcomes;
    const text = await textAt(store, keys.outcome);
    const outcome =
      text === undefined
        ? await measurePhase(store, run, { number, brokenOff: true })
        : decodeOutcome(text, handedOut.phase);
    if (outcome !== undefined) outcomes.push(outcome);
  }
}

const OUTCOME_FORMAT = 'plimsoll.outcome.v1';

const outcomeFile = z.object({
  format: z.literal(OUTCOME_FORMAT),
  startedAtMs: z.number(),
  ranSeconds: z.number(),
  lost: z.string().optional(),
  total: z.unknown(),
  within: z.unknown(),
  settled: z.unknown().optional(),
  busiestRatios: z.array(z.number().nullable()),
  extremes: z.record(z.string(), z.object({ least: z.number(), most: z.number() })).optional(),
  points: z.array(z.custom<Point>()),
});

/** `outcome.json`: as much as the report needs, a few hundred kilobytes however long the phase was. */
export function encodeOutcome({ startedAtMs, ranSeconds, measurement, lost }: PhaseOutcome): string {
  const key = { phase: 0, worker: 0, second: 0 };
  return JSON.stringify({
    format: OUTCOME_FORMAT,
    startedAtMs,
    ranSeconds,
    lost,
    total: encodeInterval(key, measurement.total),
    within: encodeInterval(key, measurement.within),
    ...(measurement.settled && { settled: encodeInterval(key, measurement.settled) }),
    busiestRatios: measurement.busiestRatios,
    extremes: measurement.extremes,
    points: measurement.points,
  });
}

/** @throws SyntaxError, ZodError */
export function decodeOutcome(text: string, phase: Phase): PhaseOutcome {
  const { startedAtMs, ranSeconds, lost, ...stored } = outcomeFile.parse(JSON.parse(text));
  const measurement = {
    points: stored.points.map(restored),
    total: decodeInterval(parseInterval(stored.total)),
    within: decodeInterval(parseInterval(stored.within)),
    ...(stored.settled !== undefined && { settled: decodeInterval(parseInterval(stored.settled)) }),
    busiestRatios: stored.busiestRatios.map((ratio) => ratio ?? 0),
    ...(stored.extremes && { extremes: stored.extremes }),
  };
  return { phase, startedAtMs, ranSeconds, measurement, ...(lost !== undefined && { lost }) };
}

/** JSON has no NaN, which stands for what was not measured. */
const restored = (point: Point): Point => ({
  ...point,
  startDelayP99Us: point.startDelayP99Us ?? Number.NaN,
  generatorCpuRatio: point.generatorCpuRatio ?? Number.NaN,
});
