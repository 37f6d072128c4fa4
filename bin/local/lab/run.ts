import { createHash } from 'node:crypto';
import { RunFolder } from '../../../lib/adapters/node/run-folder.ts';
import { PlimsollError } from '../../../lib/errors.ts';
import type { LabFault } from '../../../lib/lab/catalogue.ts';
import { type LabResult, resultOf } from '../../../lib/lab/grade.ts';
import { FAULT_PHASE, labPlan } from '../../../lib/lab/plan.ts';
import { planFromObject } from '../../../lib/plan/parse.ts';
import type { PlanInput } from '../../../lib/plan/schema.ts';
import type { Report } from '../../../lib/report/report.ts';
import { runId } from '../../../lib/run/run-id.ts';
import { signals } from '../../../lib/signals/index.ts';
import { labServiceAt, startLabService } from './service.ts';
import { measure, type Measuring } from '../measure.ts';
import { renderReport } from '../printed-report.ts';
import { Started } from '../started.ts';

/** An experiment that is about to begin. */
export interface LabRun {
  readonly fault: LabFault;
  readonly parameters: Readonly<Record<string, number>>;
  /** Of the run; report and figures are written there. */
  readonly folder: string;
  /** A service of the lab that runs already; by default one is started, and stopped. */
  readonly target?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Healthy, fault on, fault off, all under one load, by the loop that runs every plan.
 * @throws PlimsollError E-INTERRUPTED, E-LAB-TARGET, and what a run throws
 */
export async function runExperiment(run: LabRun): Promise<LabResult> {
  const folder = await RunFolder.create(run.folder);
  return experimentIn(folder, run).catch(async (error: unknown) => {
    await folder.leaveNothing();
    throw error;
  });
}

async function experimentIn(
  folder: RunFolder,
  { fault, parameters, folder: path, target, signal }: LabRun,
): Promise<LabResult> {
  await using started = new Started();
  const service =
    target === undefined ? await startLabService(path, started, signal, sizeFor(fault)) : await labServiceAt(target);
  started.adopt(service, ({ allOff }) => allOff().catch(() => undefined));
  const report = await measureInLab(labPlan(fault.name, service.underTest.target.href), {
    folder,
    signal,
    underTest: service.underTest,
    beforePhase: ({ name }) => (name === FAULT_PHASE ? service.on(fault.name, parameters) : service.allOff()),
  });
  await folder.write(renderReport(report));
  if (signal.aborted) throw new PlimsollError('E-INTERRUPTED', `The experiment was stopped; its report is in ${path}.`);
  return resultOf(fault, report.summary);
}

const sizeFor = ({ needs: { nodes, heapMb } }: LabFault): Record<string, string> => ({
  ...(nodes !== undefined && { LAB_NODES: String(nodes) }),
  ...(heapMb !== undefined && { LAB_HEAP_MB: String(heapMb) }),
});

/** Runs a plan that the lab has made, by one worker. */
export async function measureInLab(
  input: PlanInput,
  run: Pick<Measuring, 'folder' | 'signal' | 'underTest' | 'beforePhase'>,
): Promise<Report> {
  const plan = await planFromObject(input, { readBytes: noFile, signalIds: signals.map(({ id }) => id), env: {} });
  const planSha256 = createHash('sha256').update(JSON.stringify(input)).digest('hex');
  return await measure({ ...run, plan, planSha256, id: runId(Date.now(), plan), compress: undefined, workers: 1 });
}

const noFile = (path: string): Promise<never> => Promise.reject(new Error(`${path} is no file of the lab`));
