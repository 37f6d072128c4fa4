import { breakingPoint, type BreakingPoint } from './breaking-point.ts';
import { findBottleneck, type Suspect } from './bottleneck.ts';
import type { AnalysedRun } from './analysed-run.ts';
import { remedies } from './remedies.ts';
import { phasesThatCount } from './verdict.ts';

/** A signal may turn a little before the objective breaks; later than the phase's end it explains nothing. */
const BEFORE_BREAK_SECONDS = 10;

/** What gave way first where the run broke; `none` where nothing did; undefined where nothing is known of it. */
export function bottleneck(run: AnalysedRun): Suspect | undefined {
  const broken = breakingPoint(run);
  return broken === undefined ? noBottleneck(run) : bottleneckAt(broken, run);
}

/** `none` only where the whole plan was run, judged, and held. */
function noBottleneck({ phases, interrupted }: AnalysedRun): Suspect | undefined {
  const counted = phasesThatCount(phases);
  const judged = counted.filter(({ objectives }) => objectives.length > 0);
  const held = counted.every(({ verdict }) => verdict === 'pass' || verdict === 'warn');
  if (interrupted || judged.length === 0 || !held) return undefined;
  const evidence = ['no objective was missed for three seconds on end'];
  return { id: 'none', confidence: 'high', evidence, remedy: remedies.none };
}

function bottleneckAt({ phase, atSeconds }: BreakingPoint, run: AnalysedRun): Suspect | undefined {
  const outcome = run.outcomes.find((each) => each.phase.name === phase);
  if (outcome === undefined) return undefined;
  const start = (outcome.startedAtMs - run.startedAtMs) / 1000;
  const from = Math.max(start, start + atSeconds - BEFORE_BREAK_SECONDS);
  return findBottleneck(run.signals, run.series, from, start + outcome.ranSeconds);
}
