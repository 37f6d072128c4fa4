import { probeOf } from '../analysis/capacity/phases.ts';
import { type PhaseOutcome, windowOf } from '../analysis/outcome.ts';
import { judgePhase, type PhaseFindings } from '../analysis/phase.ts';
import { PlimsollError } from '../errors.ts';
import type { Phase } from '../plan/phase.ts';
import type { SignalSeries } from '../signals/signal.ts';
import { measurePhase } from './archive/measure-phase.ts';
import { encodeOutcome } from './archive/outcomes.ts';
import { phaseAt, phaseStart, probesOf, storeProbe } from './archive/phase-files.ts';
import { storeDecision, type StoredRun } from './archive/run-record.ts';
import type { Store } from './archive/store.ts';
import { next, type Next } from './next.ts';

/** A phase that is over, by its number. */
export interface EndedPhase {
  readonly number: number;
  /** Why workers ended badly, by worker, as far as the one that started them knows. */
  readonly failures?: ReadonlyMap<number, string>;
  /** The signals that the decision needs, in the phase's window. */
  seriesOf(outcome: PhaseOutcome): Promise<readonly SignalSeries[]>;
}

/** How a phase came out, and what comes next. */
export interface Decision {
  readonly phase: Phase;
  readonly findings: PhaseFindings;
  readonly decided: Next;
}

/**
 * Puts together what the workers of a phase have stored, judges it, decides what comes next by the same function as a laptop, and
 * stores the decision. Doing it twice changes nothing.
 *
 * @throws PlimsollError E-LOAD-START where no load was generated
 */
export async function decideAfter(store: Store, stored: StoredRun, ended: EndedPhase): Promise<Decision> {
  const { number, failures = new Map<number, string>() } = ended;
  const keys = stored.keys.phase(number);
  const handedOut = await phaseAt(store, keys);
  const outcome = await measurePhase(store, stored, { number, brokenOff: false, failures });
  if (handedOut === undefined || outcome === undefined)
    throw await notStarted(store, stored, number, [...failures.values()]);
  await store.put(keys.outcome, encodeOutcome(outcome));
  const series = await ended.seriesOf(outcome);
  const findings = judgePhase(stored.plan, outcome, windowOf(outcome, Date.parse(stored.facts.startedAt), series));
  const { phase, ...progress } = handedOut;
  await storeProbe(store, keys, probeOf(outcome, findings));
  const probes = await probesOf(store, stored.keys, number);
  const last = { phase, verdict: findings.verdict, interrupted: false };
  const decided = next({ plan: stored.plan, ...progress }, last, probes);
  await storeDecision(store, stored.keys, decided);
  return { phase, findings, decided };
}

async function notStarted(
  store: Store,
  { keys }: StoredRun,
  number: number,
  failures: readonly string[],
): Promise<PlimsollError> {
  const phase = await phaseAt(store, keys.phase(number));
  const start = await phaseStart(store, keys.phase(number));
  const why = start !== undefined && 'refused' in start ? start.refused : 'none of its tasks got so far';
  const sentence = `${phase?.phase.name ?? `phase ${number}`} was never started: ${why}`;
  return new PlimsollError('E-LOAD-START', sentence, [...new Set(failures)]);
}
