import { errorTable, PlimsollError } from '../../errors.ts';
import type { Plan } from '../../plan/plan.ts';
import { BUILT_IN_TARGET } from '../../plan/schema.ts';
import { runKeys } from '../archive/keys.ts';
import { next, NOT_BEGUN } from '../next.ts';
import { runId } from '../run-id.ts';
import { refuseUnsafe } from '../safety.ts';
import { refuseUnshared, unreadObjectives } from '../shared-load.ts';
import { signals } from '../../signals/index.ts';
import type { CloudSystem } from '../../signals/cloudwatch/query.ts';
import { refuseUnending } from './bounds.ts';
import type { ChecklistContext } from './checks/check.ts';
import { runChecklist, storeChecklist } from './checks/index.ts';
import { collectsFor, isCollected } from './collects.ts';
import { parseInput } from './input.ts';
import { queriesOf } from './metric-queries.ts';
import { type Collects, storeDecision, storeRunOfExecution } from '../archive/run-record.ts';
import { releaseLock, takeLock } from '../archive/lock.ts';
import type { CloudPorts, HealthReply } from './ports.ts';
import type { SettingsOf } from './settings.ts';
import { stepFor, type WorkflowStep } from './step.ts';
import { readPlan, type StoredPlan } from './stored-plan.ts';

export type PreparePorts = Omit<CloudPorts, 'notify' | 'sleep'>;

export interface PrepareRequest {
  /** The execution's ARN. */
  readonly execution: string;
  /** The execution's input, not checked yet. */
  readonly state: unknown;
}

/**
 * The first step: reads the plan, refuses what may not or can't be loaded, takes the lock, goes through the checklist, and fixes
 * what the run is. A refusal is an answer and no failure of the workflow; then nothing was started, and the lock is free.
 */
export async function prepare(
  ports: PreparePorts,
  settings: SettingsOf<'prepare'>,
  request: PrepareRequest,
): Promise<WorkflowStep> {
  try {
    return await begin(ports, settings, request);
  } catch (error) {
    // What went wrong in AWS may go better in a moment, and is the workflow's to retry.
    if (!(error instanceof PlimsollError) || error.code.startsWith('E-AWS') || error.code === 'E-STORE') throw error;
    await releaseLock(ports.store, request.execution);
    const cause = [`${error.message}.`, ...error.details, errorTable[error.code].remedy].join('\n');
    return { do: 'refuse', error: error.code, cause };
  }
}

async function begin(
  ports: PreparePorts,
  settings: SettingsOf<'prepare'>,
  { execution, state }: PrepareRequest,
): Promise<WorkflowStep> {
  const input = parseInput(state);
  const stored = await readPlan(ports.store, input);
  refuseUnshared(stored.plan);
  const target = targetOf(stored.plan, settings);
  refuseUnsafe(stored.plan, target, settings.allow);
  const collects = collectsFor(stored.plan, target, settings);
  refuseUnread(stored.plan, settings, collects);
  const workers = input.workers ?? settings.workers;
  refuseUnending(stored.plan, { maxHours: settings.maxHours, workers });
  const startedAtMs = ports.nowMs();
  const run = await locked(ports, execution, runId(startedAtMs, stored.plan));
  const health = await bestHealth(ports, new URL(settings.healthPath, target).href);
  await checked(run, { ports, settings, input, target, workers, health });
  const clean = input.cleanData === true;
  return await fix(ports, settings, { stored, target, workers, execution, run, startedAtMs, clean, collects });
}

/** Hours of load are not for an objective that ends without a figure. */
function refuseUnread(plan: Plan, system: CloudSystem, collects: Collects | undefined): void {
  const texts = unreadObjectives(plan, (id) => isRead(id, system, collects));
  if (texts.length === 0) return;
  throw new PlimsollError(
    'E-PLAN-SIGNAL',
    'the plan has objectives on signals that this environment does not have',
    texts,
  );
}

const isRead = (id: string, system: CloudSystem, collects: Collects | undefined): boolean =>
  signals.some((each) => each.id === id && (queriesOf([each], system).length > 0 || isCollected(each, collects)));

/** A plan that names the built-in service, or nothing, is for the environment's own. */
function targetOf({ target }: Plan, settings: SettingsOf<'prepare'>): URL {
  return new URL(target === undefined || target === BUILT_IN_TARGET ? settings.target : target);
}

async function locked(ports: PreparePorts, execution: string, run: string): Promise<string> {
  const holder = await takeLock(ports, { execution, run });
  // A step that is tried again finds its own lock, and goes on with its own run.
  if (holder.execution === execution) return holder.run;
  throw new PlimsollError('E-RUN-IN-PROGRESS', `${holder.run} is under way, or its tasks are ending`, [
    holder.execution,
  ]);
}

/** The first request pays for a connection; what it costs is no slowness of the service. */
const HEALTH_READINGS = 3;

const rank = ({ status, tookMs }: HealthReply): number => (status === 200 ? tookMs : Number.POSITIVE_INFINITY);

async function bestHealth(ports: PreparePorts, url: string): Promise<HealthReply> {
  const replies: HealthReply[] = [];
  while (replies.length < HEALTH_READINGS) replies.push(await ports.readHealth(url));
  return replies.reduce((best, each) => (rank(each) < rank(best) ? each : best));
}

async function checked(run: string, context: ChecklistContext): Promise<void> {
  const items = await runChecklist(context);
  await storeChecklist(context.ports.store, run, items);
  const failed = items.filter(({ verdict }) => verdict === 'fail');
  if (failed.length === 0) return;
  const sentence = `${failed.length} of ${items.length} checks failed`;
  throw new PlimsollError(
    'E-CHECKLIST',
    sentence,
    failed.map(({ item, why }) => `${item}: ${why}`),
  );
}

interface Fixed {
  readonly clean: boolean;
  readonly collects: Collects | undefined;
  readonly stored: StoredPlan;
  readonly target: URL;
  readonly workers: number;
  readonly execution: string;
  readonly run: string;
  readonly startedAtMs: number;
}

async function fix(ports: PreparePorts, settings: SettingsOf<'prepare'>, fixed: Fixed): Promise<WorkflowStep> {
  const { stored, target, workers, execution, run, startedAtMs, clean, collects } = fixed;
  const plan: Plan = { ...stored.plan, target: target.href };
  const facts = {
    id: run,
    startedAt: new Date(startedAtMs).toISOString(),
    environment: settings.environment,
    target: target.href,
    execution,
    planSha256: stored.sha256,
    workers,
    allow: settings.allow,
    ...(collects && { collects }),
  };
  await storeRunOfExecution(ports.store, { facts, plan });
  const decided = next({ plan, ...NOT_BEGUN });
  await storeDecision(ports.store, runKeys(run), decided);
  const step = stepFor(run, workers, decided, settings);
  if (step.do !== 'load') return step;
  return {
    ...step,
    ...(clean && { clean }),
    ...(collects && { collect: true }),
    ...(plan.setup !== undefined && { setUp: true }),
  };
}
