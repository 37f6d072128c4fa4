import { z } from 'zod';
import { probeOf } from '../../analysis/capacity/phases.ts';
import { type PhaseOutcome, windowOf } from '../../analysis/outcome.ts';
import { PlimsollError } from '../../errors.ts';
import { signals } from '../../signals/index.ts';
import type { SignalSeries } from '../../signals/signal.ts';
import { phaseAt, phaseStart, probesOf, storeProbe } from '../archive/phase-files.ts';
import { next } from '../next.ts';
import { judgePhase } from '../../analysis/phase.ts';
import { encodeOutcome } from '../archive/outcomes.ts';
import { readRun, storeDecision, type StoredRun } from '../archive/run-record.ts';
import { measurePhase } from '../archive/measure-phase.ts';
import { type CollectedPorts, collectedUntil } from './collected-signals.ts';
import { isCollected } from './collects.ts';
import { endedContainers, reasonsOf } from './ended-task.ts';
import type { CloudPorts } from './ports.ts';
import { readSignals } from './read-signals.ts';
import type { SettingsOf } from './settings.ts';
import { stepFor, type WorkflowStep } from './step.ts';

export type GatePorts = CollectedPorts & Pick<CloudPorts, 'metrics'>;

/** What became of a worker's task: the output of its branch of the Map. `lost` names an error, the others say why, as far as is known. */
const branch = z.object({
  worker: z.string(),
  lost: z.string().optional(),
  refused: z.string().optional(),
  stopped: z.string().optional(),
  containers: endedContainers,
});

const state = z.object({ run: z.string(), phase: z.coerce.number(), load: z.array(branch) });

/** Enough for the sentence that AWS has; what follows are numbers of requests. */
const CAUSE_LENGTH = 300;

function whyLost({ lost, refused = '', stopped = '', containers }: z.infer<typeof branch>): string | undefined {
  if (lost === undefined) return undefined;
  const causes = [refused, stopped, ...reasonsOf(containers)].filter((cause) => cause !== '');
  return causes.length === 0 ? lost : `${lost}: ${causes.join('; ').slice(0, CAUSE_LENGTH)}`;
}

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
    load.flatMap((each) => {
      const why = whyLost(each);
      return why === undefined ? [] : [[Number.parseInt(each.worker, 10), why] as const];
    }),
  );
  const handedOut = await phaseAt(ports.store, stored.keys.phase(number));
  const outcome = await measurePhase(ports.store, stored, { number, brokenOff: false, failures });
  if (handedOut === undefined || outcome === undefined)
    throw await notStarted(ports, stored, number, [...failures.values()]);
  await ports.store.put(stored.keys.phase(number).outcome, encodeOutcome(outcome));
  const series = await decidingSignals(ports, settings, stored, outcome);
  const findings = judgePhase(stored.plan, outcome, windowOf(outcome, Date.parse(stored.facts.startedAt), series));
  const { phase, ...progress } = handedOut;
  await storeProbe(ports.store, stored.keys.phase(number), probeOf(outcome, findings));
  const probes = await probesOf(ports.store, stored.keys, number);
  const last = { phase, verdict: findings.verdict, interrupted: false };
  const decided = next({ plan: stored.plan, ...progress }, last, probes);
  await storeDecision(ports.store, stored.keys, decided);
  const step = stepFor(run, stored.facts.workers, decided, settings);
  // A phase that may fail without an end to the load is a measurement of the system as it is.
  const isEmergency =
    settings.mitigation?.onFailedObjectives === true && phase.stopOnFail && findings.verdict === 'fail';
  return isEmergency && step.do !== 'refuse' ? { ...step, mitigate: `${phase.name} failed its objectives` } : step;
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
 * CloudWatch takes minutes to have the end of a window, the collector ten seconds. They are waited for only where a failed phase would
 * end the run, or a search goes by what they show; else the next phase begins at once, as a recovery must, and the report judges with
 * every signal.
 */
async function decidingSignals(
  ports: GatePorts,
  settings: SettingsOf<'gate'>,
  stored: StoredRun,
  { phase, startedAtMs, ranSeconds }: PhaseOutcome,
): Promise<readonly SignalSeries[]> {
  if (!phase.stopOnFail && phase.probe === undefined) return [];
  const named = new Set(phase.objectives.map(({ metric }) => (metric.of === 'signal' ? metric.id : '')));
  const wanted = signals.filter(({ id }) => named.has(id));
  const window = { fromMs: startedAtMs, toMs: startedAtMs + ranSeconds * 1000 };
  const byCollector = wanted.filter((signal) => isCollected(signal, stored.facts.collects));
  const collected = byCollector.length === 0 ? [] : (await collectedUntil(ports, stored, window.toMs)).series;
  const rest = wanted.filter(({ id }) => !collected.some((series) => series.id === id));
  if (rest.length === 0) return collected;
  return [...collected, ...(await readSignals(ports, { settings, stored }, rest, window)).series];
}
