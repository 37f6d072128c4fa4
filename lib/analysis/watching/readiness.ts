import type { Objective, ObjectiveMetric } from '../../plan/objective.ts';
import { isSearch } from '../../plan/plan.ts';
import { formatRatio, formatUs } from '../../units.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { crashes } from './crashes.ts';
import type { Drift } from '../drift/drift.ts';
import type { Health } from './health.ts';
import type { Integrity } from './integrity.ts';
import type { PhaseFindings } from '../phase.ts';
import type { Recovery } from './recovery.ts';
import { gravest, type Verdict } from '../verdict.ts';

/** One of the things that keep a service out of production. */
export interface Blocker {
  readonly name: 'objectives' | 'p99' | 'errors' | 'data' | 'crashes' | 'recovery' | 'health' | 'drift';
  /** `unknown` where the run did not test it. */
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly text: string;
}

/** Whether the run speaks for taking the service into production: `no-go` by one blocker, `go` where each was tested and none found. */
export interface Readiness {
  readonly verdict: 'go' | 'no-go' | 'unknown';
  readonly blockers: readonly Blocker[];
}

/** Where the plan has no limit of its own; both are those at which the staging test plan keeps a service out of production. */
const MOST_P99_US = 600_000;
const MOST_ERRORS = 0.01;

/** Of fewer requests a p99 is the slowest of them. */
const LEAST_REQUESTS = 100;

/** What was found of the run before, on which the blockers rest. */
export interface WatchedFindings {
  readonly recovery?: Recovery;
  readonly integrity?: Integrity;
  readonly health?: Health;
  readonly drift?: Drift;
}

/** Undefined of a search, which breaks the service on purpose, of another tool's result, and where no phase was run. */
export function readiness(run: AnalysedRun, watched: WatchedFindings): Readiness | undefined {
  if (isSearch(run.plan) || run.outcomes.length === 0) return undefined;
  if (run.outcomes.some(({ given }) => given !== undefined)) return undefined;
  const blockers = [
    objectivesBlocker(run),
    p99Blocker(run),
    errorsBlocker(run),
    dataBlocker(watched),
    crashes(run),
    recoveryBlocker(watched),
    healthBlocker(watched),
    ...driftBlocker(watched),
  ];
  const isBlocked = blockers.some(({ verdict }) => verdict === 'fail');
  const isOpen = run.interrupted || blockers.some(({ verdict }) => verdict === 'unknown');
  return { verdict: isBlocked ? 'no-go' : isOpen ? 'unknown' : 'go', blockers };
}

/** Load as in production is that of the sustained phases; stress looks for the limit, and warm-up is there to be slow. */
const underLoad = ({ phases }: AnalysedRun): readonly PhaseFindings[] =>
  phases.filter(({ kind, validity }) => kind === 'sustained' && validity.verdict === 'valid');

const NO_PHASE = 'no valid sustained phase was run';

function objectivesBlocker(run: AnalysedRun): Blocker {
  const phases = underLoad(run).filter(({ objectives }) => objectives.length > 0);
  const failed = phases.find(({ verdict }) => verdict === 'fail');
  if (failed !== undefined) {
    const missed = failed.objectives.filter(({ verdict }) => verdict === 'fail').map(({ objective }) => objective);
    return {
      name: 'objectives',
      verdict: 'fail',
      text: `${failed.name} failed: ${missed.join('; ') || 'most requests failed'}`,
    };
  }
  const verdict = gravest(phases.map((each): Verdict => (each.verdict === 'warn' ? 'pass' : each.verdict)));
  return verdict === 'pass'
    ? { name: 'objectives', verdict, text: 'no sustained phase failed' }
    : {
        name: 'objectives',
        verdict: 'unknown',
        text: phases.length === 0 ? NO_PHASE : 'a sustained phase has no verdict',
      };
}

/** The limit beyond which a phase fails by a figure of all its requests: the plan's own, or else the one given. */
function limitIn(
  run: AnalysedRun,
  { name }: PhaseFindings,
  is: (metric: ObjectiveMetric) => boolean,
  usual: number,
): number {
  const objectives = run.outcomes.find(({ phase }) => phase.name === name)?.phase.objectives ?? [];
  const own = objectives.find(
    ({ metric, target }: Objective) =>
      is(metric) &&
      metric.of !== 'signal' &&
      metric.requests === undefined &&
      metric.overSeconds === undefined &&
      target.op.startsWith('<'),
  );
  return own === undefined ? usual : (own.fail?.value ?? own.target.value);
}

function p99Blocker(run: AnalysedRun): Blocker {
  const measured = underLoad(run).flatMap((phase) => {
    const { p99, count } = phase.responseTimeUs;
    const limit = limitIn(run, phase, (metric) => metric.of === 'responseTime' && metric.stat === 99, MOST_P99_US);
    return p99 === null || count < LEAST_REQUESTS ? [] : [{ phase: phase.name, value: p99, limit }];
  });
  const few = underLoad(run).length === 0 ? NO_PHASE : 'too few requests ended for a p99';
  return byWorst({ name: 'p99', title: 'a p99', show: formatUs, lacking: few }, measured);
}

function errorsBlocker(run: AnalysedRun): Blocker {
  const measured = underLoad(run).flatMap((phase) => {
    const limit = limitIn(run, phase, ({ of }) => of === 'errors', MOST_ERRORS);
    return phase.errorRatio === null ? [] : [{ phase: phase.name, value: phase.errorRatio, limit }];
  });
  const none = underLoad(run).length === 0 ? NO_PHASE : 'no request ended';
  return byWorst({ name: 'errors', title: 'errors', show: formatRatio, lacking: none }, measured);
}

interface Worst {
  readonly phase: string;
  readonly value: number;
  readonly limit: number;
}

interface LimitedFigure {
  readonly name: 'p99' | 'errors';
  readonly title: string;
  readonly show: (value: number) => string;
  /** Why it is not known, where it is not. */
  readonly lacking: string;
}

/** By the phase that is nearest to its limit, or farthest beyond it. */
function byWorst({ name, title, show, lacking }: LimitedFigure, measured: readonly Worst[]): Blocker {
  const beyond = ({ value, limit }: Worst): number => (limit === 0 ? (value > 0 ? Infinity : 0) : value / limit);
  const [worst] = measured.toSorted((a, b) => beyond(b) - beyond(a));
  if (worst === undefined) return { name, verdict: 'unknown', text: lacking };
  const { phase, value, limit } = worst;
  const isBeyond = value > limit;
  const text = `${title} of ${show(value)} in ${phase}, ${isBeyond ? 'above' : 'within'} ${show(limit)}`;
  return { name, verdict: isBeyond ? 'fail' : 'pass', text };
}

function dataBlocker({ integrity: found }: WatchedFindings): Blocker {
  if (found === undefined) return { name: 'data', verdict: 'unknown', text: 'the plan has no checks of the data' };
  const broken = found.checks.find(({ verdict }) => verdict === found.verdict);
  const text = {
    pass: 'the data is as the checks expect it',
    fail: `the check "${broken?.name}" found the data broken (${broken?.failure})`,
    unknown: `the check "${broken?.name}" had no answer`,
  }[found.verdict];
  return { name: 'data', verdict: found.verdict, text };
}

function recoveryBlocker({ recovery: found }: WatchedFindings): Blocker {
  if (found === undefined)
    return { name: 'recovery', verdict: 'unknown', text: 'no recovery after stress was measured' };
  const text =
    found.verdict === 'pass' ? 'the service came back after stress' : 'the service did not come back after stress';
  return { name: 'recovery', verdict: found.verdict, text };
}

function healthBlocker({ health: found }: WatchedFindings): Blocker {
  if (found === undefined) return { name: 'health', verdict: 'unknown', text: 'no health check was read' };
  const { verdict, asked, failed, worst } = found;
  const where = worst === undefined ? '' : `, from ${worst.fromSeconds.toFixed(0)} s on in ${worst.phase}`;
  const text = `${failed} of ${asked} health checks failed${where}`;
  return { name: 'health', verdict: verdict === 'fail' ? 'fail' : 'pass', text };
}

/** Few runs are long enough to show it, so its lack keeps none from a go. */
function driftBlocker({ drift }: WatchedFindings): readonly Blocker[] {
  const grave = drift?.trends.find(({ verdict }) => verdict === 'fail');
  return grave === undefined ? [] : [{ name: 'drift', verdict: 'fail', text: grave.text }];
}
