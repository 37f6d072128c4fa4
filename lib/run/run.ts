import type { PhaseOutcome } from '../analysis/outcome.ts';
import { Aligner } from '../measure/align.ts';
import type { IntervalWire } from '../measure/codec.ts';
import { MeasurementBuilder } from '../measure/measurement.ts';
import type { Plan } from '../plan/plan.ts';
import type { Phase } from '../plan/phase.ts';
import type { PhaseFindings } from '../analysis/phase.ts';
import { next, startState, type LastOutcome } from './next.ts';

/** One phase to be generated, from an agreed moment on. */
export interface PhaseStart {
  readonly phase: number;
  readonly startAtMs: number;
}

/** What a run needs of the world; the laptop's and the cloud's differ only here. */
export interface RunPorts {
  /** Resolves when the phase's last request is settled; stops early, and in order, when `signal` is aborted. */
  generate(start: PhaseStart, onInterval: (interval: IntervalWire) => void): Promise<{ lost?: string }>;
  /** How many workers share the load; each tells its intervals. */
  readonly workers: number;
  readonly signal: AbortSignal;
  nowMs(): number;
  /** Writes an interval where a killed run's report can find it. */
  append(interval: IntervalWire): void;
  /** Judges a phase as soon as it is over, since its verdict decides what comes next. */
  judge(outcome: PhaseOutcome): PhaseFindings;
  readonly progress: RunProgress;
}

/** Who watches the run: the live view, or the lines of a log. */
export interface RunProgress {
  phaseStarted(phase: Phase, startedAtMs: number, builder: Pick<MeasurementBuilder, 'latest'>): void;
  phaseEnded(summary: PhaseFindings): void;
}

export interface RunResult {
  readonly outcomes: readonly PhaseOutcome[];
  readonly phases: readonly PhaseFindings[];
  readonly interrupted: boolean;
}

/** Between telling the generator and its first arrival: long enough for the message, too short to be missed. */
const LEAD_MS = 50;

/** Runs the plan's phases in the order that `next` gives. */
export async function runPlan(plan: Plan, ports: RunPorts): Promise<RunResult> {
  const outcomes: PhaseOutcome[] = [];
  const phases: PhaseFindings[] = [];
  let last: LastOutcome | undefined = ports.signal.aborted ? { verdict: 'unknown', interrupted: true } : undefined;
  for (let step = next(startState(plan), last); 'phase' in step; step = next(step.state, last)) {
    const phase = plan.phases[step.phase];
    if (phase === undefined) break;
    const outcome = await runPhase(phase, step.phase, ports);
    const summary = ports.judge(outcome);
    outcomes.push(outcome);
    phases.push(summary);
    ports.progress.phaseEnded(summary);
    last = { verdict: summary.verdict, interrupted: ports.signal.aborted };
  }
  return { outcomes, phases, interrupted: ports.signal.aborted };
}

async function runPhase(phase: Phase, index: number, ports: RunPorts): Promise<PhaseOutcome> {
  const plannedSeconds = phase.durationUs / 1e6;
  const builder = new MeasurementBuilder(plannedSeconds);
  const aligner = new Aligner<IntervalWire>(ports.workers, (second, part) => builder.addWire(second, part));
  const startedAtMs = ports.nowMs() + LEAD_MS;
  let stoppedAtMs = Number.POSITIVE_INFINITY;
  const stopped = (): void => void (stoppedAtMs = ports.nowMs());
  ports.signal.addEventListener('abort', stopped, { once: true });
  ports.progress.phaseStarted(phase, startedAtMs, builder);
  const { lost } = await ports.generate({ phase: index, startAtMs: startedAtMs }, (interval) => {
    ports.append(interval);
    aligner.add(interval.worker, interval.second, interval);
  });
  aligner.end();
  ports.signal.removeEventListener('abort', stopped);
  const ranSeconds = Math.min(plannedSeconds, Math.max(0, stoppedAtMs - startedAtMs) / 1000);
  return { phase, startedAtMs, ranSeconds, measurement: builder.build(), ...(lost !== undefined && { lost }) };
}
