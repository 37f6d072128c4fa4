import { z } from 'zod';
import type { PhaseOutcome } from '../../analysis/outcome.ts';
import { signals } from '../../signals/index.ts';
import type { SignalSeries } from '../../signals/signal.ts';
import { decideAfter } from '../after-phase.ts';
import { readRun, type StoredRun } from '../archive/run-record.ts';
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
 * After a phase: measures it, judges it as far as the decision needs, and says what the workflow does next. Doing it twice changes
 * nothing.
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
  const { phase, findings, decided } = await decideAfter(ports.store, stored, {
    number,
    failures,
    seriesOf: (outcome) => decidingSignals(ports, settings, stored, outcome),
  });
  const step = stepFor(run, stored.facts.workers, decided, settings);
  // A phase that may fail without an end to the load is a measurement of the system as it is.
  const isEmergency =
    settings.mitigation?.onFailedObjectives === true && phase.stopOnFail && findings.verdict === 'fail';
  return isEmergency && step.do !== 'refuse' ? { ...step, mitigate: `${phase.name} failed its objectives` } : step;
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
