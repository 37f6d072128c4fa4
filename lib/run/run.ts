import { capacityOf, type Capacity } from '../analysis/capacity/capacity.ts';
import { measuredFor, probeOf } from '../analysis/capacity/phases.ts';
import { settingsOf } from '../analysis/capacity/settings.ts';
import type { Probe } from '../analysis/capacity/probe.ts';
import { AbortWatch } from '../analysis/abort.ts';
import type { PhaseAbort, PhaseOutcome } from '../analysis/outcome.ts';
import { Aligner } from '../measure/align.ts';
import type { Readings } from '../measure/asked.ts';
import type { IntervalWire } from '../measure/codec.ts';
import { MeasurementBuilder } from '../measure/measurement.ts';
import type { Phase } from '../plan/phase.ts';
import { isSearch, type Plan } from '../plan/plan.ts';
import type { PhaseFindings } from '../analysis/phase.ts';
import { next, NOT_BEGUN, type LastOutcome, type NumberedPhase } from './next.ts';

/** One phase to be generated, from an agreed moment on. */
export interface TimedPhase extends NumberedPhase {
  readonly startAtMs: number;
}

/** What a run needs of the world; the laptop's and the cloud's differ only here. */
export interface RunPorts {
  /** What may take time before a phase: it is awaited before the start is agreed on. */
  prepare(handedOut: NumberedPhase): Promise<void>;
  /** Resolves when the phase's last request is settled; when `signal` is aborted it settles the requests under way and stops early. */
  generate(
    timed: TimedPhase,
    signal: AbortSignal,
    onInterval: (interval: IntervalWire) => void,
  ): Promise<{ lost?: string }>;
  /** How many workers share the load; each sends its intervals. */
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
  phaseStarted(handedOut: NumberedPhase, startedAtMs: number, builder: Pick<MeasurementBuilder, 'latest'>): void;
  /** `soFar` is what a search knows by then. */
  phaseEnded(findings: PhaseFindings, soFar?: Capacity): void;
}

export interface RunResult {
  readonly outcomes: readonly PhaseOutcome[];
  readonly phases: readonly PhaseFindings[];
  readonly interrupted: boolean;
}

/** From the message to the generator until the first arrival: long enough for the message to get there. */
const LEAD_MS = 50;

/** Runs the plan's phases in the order that `next` gives. */
export async function runPlan(plan: Plan, ports: RunPorts): Promise<RunResult> {
  const outcomes: PhaseOutcome[] = [];
  const phases: PhaseFindings[] = [];
  const probes: Probe[] = [];
  if (ports.signal.aborted) return { outcomes, phases, interrupted: true };
  let last: LastOutcome | undefined;
  for (let step = next({ plan, ...NOT_BEGUN }); 'phase' in step; step = next(step.state, last, probes)) {
    const outcome = await runPhase(plan, step, ports);
    const findings = ports.judge(outcome);
    outcomes.push(outcome);
    phases.push(findings);
    probes.push(...[probeOf(outcome, findings)].filter((probe) => probe !== undefined));
    ports.progress.phaseEnded(findings, isSearch(plan) ? capacityOf(settingsOf(plan), probes) : undefined);
    const aborted = outcome.aborted !== undefined;
    last = { phase: step.phase, verdict: findings.verdict, interrupted: ports.signal.aborted, aborted };
  }
  return { outcomes, phases, interrupted: ports.signal.aborted };
}

async function runPhase(plan: Plan, { phase, number }: NumberedPhase, ports: RunPorts): Promise<PhaseOutcome> {
  const plannedSeconds = phase.durationUs / 1e6;
  const builder = new MeasurementBuilder(plannedSeconds, measuredFor(phase, plan));
  const ending = endingOf(phase, ports);
  const aligner = new Aligner<IntervalWire>(
    ports.workers,
    (second, part) => builder.addWire(second, part),
    (second) => ending.after(second, builder.complete(second)),
  );
  await ports.prepare({ phase, number });
  const startedAtMs = ports.nowMs() + LEAD_MS;
  ports.progress.phaseStarted({ phase, number }, startedAtMs, builder);
  const { lost } = await ports.generate({ phase, number, startAtMs: startedAtMs }, ending.signal, (interval) => {
    ports.append(interval);
    aligner.add(interval.worker, interval.second, interval);
  });
  aligner.end();
  const { aborted, stoppedAtMs } = ending.close();
  const ranSeconds = Math.min(plannedSeconds, Math.max(0, stoppedAtMs - startedAtMs) / 1000);
  return {
    phase,
    startedAtMs,
    ranSeconds,
    measurement: builder.build(),
    ...(lost !== undefined && { lost }),
    ...(aborted && { aborted }),
  };
}

interface Ending {
  /** PhaseAbort: the load of the phase stops at once. */
  readonly signal: AbortSignal;
  /** A second of the phase is complete. */
  after(second: number, readings: Readings): void;
  close(): { readonly aborted: PhaseAbort | undefined; readonly stoppedAtMs: number };
}

/** Ends a phase before its time: where the run is stopped, or the phase shows what its plan ends it for. */
function endingOf({ abortOn, durationUs }: Phase, ports: RunPorts): Ending {
  const watch = new AbortWatch(abortOn);
  const own = new AbortController();
  let aborted: PhaseAbort | undefined;
  let stoppedAtMs = Number.POSITIVE_INFINITY;
  const stop = (): void => {
    stoppedAtMs = Math.min(stoppedAtMs, ports.nowMs());
    own.abort();
  };
  ports.signal.addEventListener('abort', stop, { once: true });
  if (ports.signal.aborted) stop();
  return {
    signal: own.signal,
    after: (second, readings) => {
      if (own.signal.aborted || (second + 1) * 1e6 >= durationUs) return;
      aborted = watch.after(second, readings);
      if (aborted !== undefined) stop();
    },
    close: () => {
      ports.signal.removeEventListener('abort', stop);
      return { aborted, stoppedAtMs };
    },
  };
}
