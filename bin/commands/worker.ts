import { setTimeout as sleep } from 'node:timers/promises';
import { storeAt } from '../../lib/adapters/aws/s3-store.ts';
import { loadPlan } from '../../lib/adapters/node/plan-file.ts';
import { firstHop, reach } from '../../lib/adapters/node/preflight.ts';
import { exitCodes, PlimsollError } from '../../lib/errors.ts';
import { describePlan } from '../../lib/plan/describe-load.ts';
import { BUILT_IN_TARGET } from '../../lib/plan/schema.ts';
import { oneLine } from '../../lib/report/numbers.ts';
import type { StoredRun } from '../../lib/run/archive/run-record.ts';
import { signals } from '../../lib/signals/index.ts';
import { allowListFrom, refuseUnsafe } from '../../lib/run/safety.ts';
import { awaitRun, beginShared, type SharedRun } from '../../lib/run/workers/begin.ts';
import { breakOff } from '../../lib/run/workers/break-off.ts';
import { closePhase } from '../../lib/run/workers/close-phase.ts';
import type { WorkerPorts } from '../../lib/run/workers/waiting.ts';
import { sendLastStored, setUpStored } from '../../loadgen/task/once.ts';
import { refuseAddress } from '../local/address-plan.ts';
import { printReport } from '../local/printed-report.ts';
import { callerPath } from '../paths.ts';
import { exitCodeOfVerdict, printMessage } from '../terminal.ts';
import { sharedReport } from '../workers/shared-report.ts';
import { PATIENCE_MS, walkRun } from '../workers/walk.ts';
import { workerInputFrom, type WorkerInput } from '../workers/worker-input.ts';
import { listenForInterrupt } from '../local/interrupt.ts';

interface WorkerOptions {
  readonly target?: string;
}

/** Runs one worker's share of every phase, and returns the exit code; worker 0 also puts the phases together, judges and reports. */
export async function workerCommand(planPath: string, { target }: WorkerOptions): Promise<number> {
  const input = workerInputFrom(process.env);
  const interrupt = listenForInterrupt('Stopping the load; what was seen until now is stored.');
  const { signal } = interrupt;
  const ports: WorkerPorts = {
    store: storeAt(input.storeAddress),
    signal,
    nowMs: () => Date.now(),
    sleep: (ms) => sleep(ms, undefined, { signal }).catch(() => undefined),
  };
  try {
    return input.share.index === 0
      ? await runFirst(ports, input, () => prepared(callerPath(planPath), target, input, signal))
      : await runOther(ports, input);
  } finally {
    interrupt.close();
  }
}

async function runOther(ports: WorkerPorts, input: WorkerInput): Promise<number> {
  const run = await awaitRun(ports, input.execution, PATIENCE_MS);
  const end = run === 'stopped' ? run : await walkRun(ports, run, input, async () => undefined);
  return end === 'stopped' ? exitCodes.interrupted : exitCodes.passed;
}

async function runFirst(ports: WorkerPorts, input: WorkerInput, prepare: () => Promise<SharedRun>): Promise<number> {
  const run = await beginShared(ports, input.execution, prepare, (stored) =>
    setUpStored(stored, { ...ports, warn: printMessage }),
  );
  printMessage(`${run.facts.id}: ${oneLine(run.plan.name)}: ${describePlan(run.plan)}`);
  const end = await walkRun(ports, run, input, (number) => close(ports, run, number));
  if (end === 'stopped' && run.plan.teardown === undefined) return exitCodes.interrupted;
  // What is sent last is not stopped halfway: sent again by a worker that is started anew, it would find half of it done.
  const unstopped = { ...ports, signal: new AbortController().signal };
  if (end === 'stopped') await breakOff(unstopped, run);
  await sendLastStored(run, { ...unstopped, warn: printMessage });
  if (end === 'stopped') return exitCodes.interrupted;
  const report = await sharedReport(ports.store, run);
  printReport(report, false);
  printMessage(`Report: ${input.storeAddress.replace(/\/$/, '')}/${run.keys.file('report.html')}`);
  return report.summary.partial === true ? exitCodes.cloudFailed : exitCodeOfVerdict[report.summary.verdict];
}

async function close(ports: WorkerPorts, run: StoredRun, number: number): Promise<void> {
  const decision = await closePhase(ports, run, number);
  if (decision !== undefined) printMessage(`${decision.phase.name}: ${decision.findings.verdict}`);
}

/** Checked once, before the run is there: afterwards a target that is down is a measurement. */
async function prepared(
  path: string,
  target: string | undefined,
  { environment, share }: WorkerInput,
  signal: AbortSignal,
): Promise<SharedRun> {
  const { plan, sha256 } = await loadPlan(path, { signalIds: signals.map(({ id }) => id), env: process.env });
  if (target !== undefined) refuseAddress('--target', target);
  const address = target ?? plan.target;
  if (address === undefined || address === BUILT_IN_TARGET)
    throw new PlimsollError('E-TARGET-MISSING', `${plan.name} names no target that workers could reach.`);
  const url = new URL(address);
  const allow = allowListFrom(process.env);
  refuseUnsafe(plan, url, allow);
  await reach(firstHop(plan, url), signal);
  return {
    plan: { ...plan, target: url.href },
    facts: {
      environment,
      target: url.href,
      planSha256: sha256,
      workers: share.of,
      allow: { hosts: [...allow.hosts], production: [...allow.production] },
    },
  };
}
