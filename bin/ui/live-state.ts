import type { Capacity } from '../../lib/analysis/capacity/capacity.ts';
import type { Point } from '../../lib/measure/measurement.ts';
import { isSearch, planUs } from '../../lib/plan/plan.ts';
import { searchedSoFar, showRate } from '../../lib/report/capacity-words.ts';
import { livePanel } from '../../lib/report/live.ts';
import type { Report } from '../../lib/report/report.ts';
import { errorRatio } from '../../lib/measure/ledger.ts';
import type { FollowedPhase, LiveRun } from './live-run.ts';

/** Seconds since the run's start, then p50, p95, p99 (µs), offered, carried (a second), error ratio and users; null where nothing was measured. */
export type PointRow = readonly (number | null)[];

/** What the page shows of a run while it goes on; plain JSON. */
export interface LiveMessage {
  /** The panel that a terminal shows. */
  readonly panel: readonly string[];
  readonly phases: readonly { readonly name: string; readonly verdict: string; readonly fromSeconds: number }[];
  /** Rows from this place on; 0: all of them. */
  readonly from: number;
  readonly rows: readonly PointRow[];
  readonly search?: SearchSoFar;
  readonly isOver: boolean;
}

/** How a search closes in: what was tried, and between which rates the capacity is by now. */
export interface SearchSoFar {
  readonly sentence: string;
  readonly interval?: readonly [number, number];
  readonly probes: readonly { readonly rate: string; readonly verdict: string }[];
}

/** Wider than any figure's line. */
const COLUMNS = 100;

/**
 * What is new since `from` rows. Of a run that is over its report says more than the figures of its last second, and has the verdict of every
 * phase, its last one too.
 */
export function liveMessage(live: LiveRun, from: number, isOver: boolean, report?: Report): LiveMessage {
  const { phases, capacity, run } = live;
  const startMs = Date.parse(run.facts.startedAt);
  const ofProbes = probeVerdicts(live);
  const rows = phases.flatMap((phase) => phase.points.map((point) => rowOf(point, phase, startMs)));
  return {
    panel: report === undefined ? panelOf(live, isOver) : [report.headline],
    phases: phases.map(({ phase, findings, startedAtMs }, at) => ({
      name: phase.name,
      verdict:
        ofProbes.get(at) ??
        report?.summary.phases[at]?.verdict ??
        findings?.verdict ??
        (isOver ? 'unknown' : 'running'),
      fromSeconds: (startedAtMs - startMs) / 1000,
    })),
    from,
    rows: rows.slice(from),
    ...(capacity !== undefined && { search: searchOf(capacity) }),
    isOver,
  };
}

/**
 * What a search makes of each phase that is a probe, by the phase's place. A phase is judged with its first seconds and each objective,
 * a probe without what it takes to settle; the list of probes says the second, so the phase has to as well.
 */
export function probeVerdicts({ phases, capacity }: Pick<LiveRun, 'phases' | 'capacity'>): ReadonlyMap<number, string> {
  const ended = [...phases.entries()].filter(([, { phase, findings }]) => phase.probe !== undefined && findings);
  return new Map(
    ended.flatMap(([at], probe) => {
      const verdict = capacity?.probes[probe]?.verdict;
      return verdict === undefined ? [] : [[at, verdict] as const];
    }),
  );
}

function rowOf(point: Point, { startedAtMs }: FollowedPhase, startMs: number): PointRow {
  const times = point.responseTimeUs ?? point.serviceTimeUs;
  return [
    (startedAtMs - startMs) / 1000 + point.atSeconds,
    times?.p50,
    times?.p95,
    times?.p99,
    point.offeredPerSecond,
    point.throughputPerSecond,
    errorRatio(point.ledger),
    point.users,
  ].map((value) => (value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(5))));
}

/** The terminal's own figures, of the phase that runs or ran last. */
function panelOf({ phases, run: { plan, facts }, capacity }: LiveRun, isOver: boolean): readonly string[] {
  const last = phases.at(-1);
  if (last === undefined) return [isOver ? 'Nothing was measured.' : 'Waiting for the first phase …'];
  const { phase, number, startedAtMs, points } = last;
  const nowMs = isOver ? startedAtMs + phase.durationUs / 1000 : Date.now();
  const begunUs = (nowMs - Date.parse(facts.startedAt)) * 1000;
  const state = {
    phase,
    number: number + 1,
    phases: isSearch(plan) ? undefined : Math.max(number + 1, plan.phases.length),
    elapsedUs: Math.min(phase.durationUs, Math.max(0, nowMs - startedAtMs) * 1000),
    leftUs: isOver ? 0 : Math.max(0, planUs(plan) - begunUs),
    latest: points.at(-1),
  };
  const soFar = capacity === undefined ? {} : { soFar: searchedSoFar(capacity) };
  return livePanel({ ...state, ...soFar }, COLUMNS);
}

const searchOf = (capacity: Capacity): SearchSoFar => ({
  sentence: searchedSoFar(capacity),
  ...(capacity.interval !== undefined && { interval: capacity.interval }),
  probes: capacity.probes.map(({ perSecond, verdict }) => ({ rate: `${showRate(perSecond)}/s`, verdict })),
});
