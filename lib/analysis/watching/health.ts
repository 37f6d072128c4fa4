import type { AnalysedRun } from '../analysed-run.ts';
import { CONSECUTIVE } from '../consecutive.ts';
import { windowOf } from '../outcome.ts';

/** What the health check answered while the service was loaded. */
export interface Health {
  /** `fail` where it failed for three readings on end, but in a stress phase, which is there to overload, `warn` where it failed otherwise. */
  readonly verdict: 'pass' | 'warn' | 'fail';
  /** The signal that it was read from. */
  readonly signal: string;
  readonly asked: number;
  readonly failed: number;
  /** The stretch for which it failed longest, in seconds of the run. */
  readonly worst?: { readonly phase: string; readonly fromSeconds: number; readonly toSeconds: number };
}

/** Signals that are above 0 while a check fails, and how many readings on end are no chance: a balancer has counted before it says so. */
const SOURCES: readonly (readonly [signal: string, needed: number])[] = [
  ['service.unhealthy', CONSECUTIVE],
  ['balancer.unhealthy-hosts', 1],
];

type Reading = readonly [atSeconds: number, value: number];

/** Undefined where it was not read while a phase ran. */
export function health(run: AnalysedRun): Health | undefined {
  const found = SOURCES.map(([id, needed]) => ({ series: run.series.find((each) => each.id === id), needed })).find(
    ({ series }) => series !== undefined,
  );
  if (found?.series === undefined) return undefined;
  const { id, points } = found.series;
  const phases = run.outcomes.map((outcome) => {
    const { fromSeconds, toSeconds } = windowOf(outcome, run.startedAtMs, []);
    const readings = points.filter(([at]) => at >= fromSeconds && at <= toSeconds);
    return { phase: outcome.phase, readings, stretches: failing(readings) };
  });
  const readings = phases.flatMap((each) => each.readings);
  if (readings.length === 0) return undefined;
  const long = phases.filter(({ stretches }) => stretches.some(({ length }) => length >= found.needed));
  const failed = readings.filter(([, value]) => value > 0).length;
  const isGrave = long.some(({ phase }) => phase.kind !== 'stress');
  const all = phases.flatMap(({ phase, stretches }) => stretches.map((own) => ({ phase: phase.name, own })));
  const [worst] = all.toSorted((a, b) => b.own.length - a.own.length);
  return {
    verdict: isGrave ? 'fail' : failed > 0 ? 'warn' : 'pass',
    signal: id,
    asked: readings.length,
    failed,
    ...(worst && {
      worst: { phase: worst.phase, fromSeconds: worst.own[0]?.[0] ?? 0, toSeconds: worst.own.at(-1)?.[0] ?? 0 },
    }),
  };
}

/** Readings on end that failed. */
function failing(readings: readonly Reading[]): Reading[][] {
  const stretches: Reading[][] = [];
  let open: Reading[] | undefined;
  for (const reading of readings) {
    if (!(reading[1] > 0)) open = undefined;
    else if (open === undefined) stretches.push((open = [reading]));
    else open.push(reading);
  }
  return stretches;
}
