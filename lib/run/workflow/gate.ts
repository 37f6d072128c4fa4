import { z } from 'zod';
import { type PhaseOutcome, windowOf } from '../../analysis/outcome.ts';
import { PlimsollError } from '../../errors.ts';
import { signals } from '../../signals/index.ts';
import type { SignalSeries } from '../../signals/signal.ts';
import { phaseAt, phaseStart } from '../archive/phase-files.ts';
import { next } from '../next.ts';
import { judgePhase } from '../../analysis/phase.ts';
import { encodeOutcome } from '../archive/outcomes.ts';
import { readRun, storeDecision, type StoredRun } from '../archive/run-record.ts';
import { measurePhase } from '../archive/measure-phase.ts';
import type { CloudPorts } from './ports.ts';
import { readSignals } from './read-signals.ts';
import type { SettingsOf } from './settings.ts';
import { stepFor, type WorkflowStep } from './step.ts';

export type GatePorts = Pick<CloudPorts, 'store' | 'metrics'>;

const state = z.object({
  run: z.string(),
  phase: z.coerce.number(),
  /** What became of each worker's task: the output of its branch of the Map. */
  load: z.array(z.object({ worker: z.string(), lost: z.string().optional() })),
});

/**
 * After a phase: puts together what its workers stored, judges it as far as the decision needs, and decides what comes next by the
 * same function as a laptop. Doing it twice changes nothing.
 *
 * @throws PlimsollError E-LOAD-START where no load was generated
 */
export async function gate(
  ports: GatePorts,
  settings: SettingsOf<'gate'>,
  given: { state: unknown },
): Promise<WorkflowStep> {
  const { run, phase: number, load } = state.parse(given.state);
  const stored = await readRun(ports.store, run);
  const failures = new Map(
    load.flatMap(({ worker, lost }) => (lost === undefined ? [] : [[Number.parseInt(worker, 10), lost] as const])),
  );
  const handedOut = await phaseAt(ports.store, stored.keys.phase(number));
  const outcome = await measurePhase(ports.store, stored, { number, brokenOff: false, failures });
  if (handedOut === undefined || outcome === undefined)
    throw await notStarted(ports, stored, number, [...failures.values()]);
  await ports.store.put(stored.keys.phase(number).outcome, encodeOutcome(outcome));
  const series = await decidingSignals(ports, settings, stored, outcome);
  const { verdict } = judgePhase(stored.plan, outcome, windowOf(outcome, Date.parse(stored.facts.startedAt), series));
  const { phase, ...progress } = handedOut;
  const decided = next({ plan: stored.plan, ...progress }, { phase, verdict, interrupted: false });
  await storeDecision(ports.store, stored.keys, decided);
  return stepFor(run, stored.facts.workers, decided, settings);
}

async function notStarted(
  { store }: GatePorts,
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

/**
 * CloudWatch takes minutes to have the end of a window. They are waited for only where a failed phase would end the run; else
 * the next phase begins at once, as a recovery must, and the report judges with every signal.
 */
async function decidingSignals(
  ports: GatePorts,
  settings: SettingsOf<'gate'>,
  stored: StoredRun,
  { phase, startedAtMs, ranSeconds }: PhaseOutcome,
): Promise<readonly SignalSeries[]> {
  if (!phase.stopOnFail) return [];
  const named = new Set(phase.objectives.map(({ metric }) => (metric.of === 'signal' ? metric.id : '')));
  const wanted = signals.filter(({ id }) => named.has(id));
  const window = { fromMs: startedAtMs, toMs: startedAtMs + ranSeconds * 1000 };
  return (await readSignals(ports, { settings, stored }, wanted, window)).series;
}
