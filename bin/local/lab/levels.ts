import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RunFolder } from '../../../lib/adapters/node/run-folder.ts';
import { PlimsollError } from '../../../lib/errors.ts';
import {
  type Endpoint,
  type Level,
  LEVEL_PHASE,
  type LevelFigures,
  type LevelMeasured,
  levelPlan,
} from '../../../lib/lab/levels.ts';
import type { Summary } from '../../../lib/report/summary.ts';
import { measureInLab } from './run.ts';
import { type LabService, startLabService } from './service.ts';
import { renderReport } from '../printed-report.ts';
import { Started } from '../started.ts';

/** Into the load phase, when its users are in step. */
const RELOAD_AFTER_MS = 2_000;

/** Starts the service as the level has it, loads each of its endpoints, and stops it. @throws PlimsollError as a run */
export async function measureLevel(level: Level, folder: string, signal: AbortSignal): Promise<LevelMeasured> {
  await using started = new Started();
  const { path } = await RunFolder.create(folder);
  const size = { LAB_WORKERS: String(level.workers), LAB_NODES: String(level.nodes) };
  const service = await startLabService(path, started, signal, size);
  const figures: Partial<Record<Endpoint, LevelFigures>> = {};
  for (const endpoint of level.endpoints) {
    const reload = level.reload && endpoint === level.endpoints.at(-1);
    figures[endpoint] = await load(endpoint, service, { folder: join(path, endpoint), signal, reload });
  }
  return {
    level,
    figures,
    ...(figures.tasks !== undefined && (await queueOf(service.underTest.target, figures.tasks.perSecond))),
    ...(level.nodes > 1 && { byNode: await countNodes(service.underTest.target) }),
  };
}

interface Loading {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly reload: boolean;
}

async function load(
  endpoint: Endpoint,
  { underTest, reload }: LabService,
  { folder: path, signal, reload: reloads }: Loading,
): Promise<LevelFigures> {
  const folder = await RunFolder.create(path);
  let reloading: Promise<void> = Promise.resolve();
  const report = await measureInLab(levelPlan(endpoint, underTest.target.href), {
    folder,
    signal,
    underTest,
    beforePhase: async ({ name }) => {
      if (reloads && name === LEVEL_PHASE) reloading = pause(RELOAD_AFTER_MS).then(reload);
    },
  });
  await reloading;
  await folder.write(renderReport(report));
  if (signal.aborted)
    throw new PlimsollError('E-INTERRUPTED', `The levels were stopped; what was measured is in ${path}.`);
  return figuresOf(report.summary);
}

function figuresOf({ phases }: Summary): LevelFigures {
  const phase = phases.find(({ name }) => name === LEVEL_PHASE);
  if (phase === undefined) throw new Error('the plan has no such phase');
  const { sent, ok } = phase.ledger;
  return {
    perSecond: phase.throughputPerSecond,
    p50Us: phase.responseTimeUs?.p50 ?? 0,
    p95Us: phase.responseTimeUs?.p95 ?? 0,
    p99Us: phase.responseTimeUs?.p99 ?? 0,
    failed: sent - ok - phase.ledger.cut,
    errorRatio: phase.errorRatio ?? 0,
  };
}

/** Tasks are numbered from 1 in a service that was just started, so the latest says how many there were. */
async function queueOf(
  target: URL,
  enqueuedPerSecond: number,
): Promise<{ queueDepth: number; processedPerSecond?: number }> {
  const reply = await fetch(new URL('/api/tasks?limit=1', target));
  const { tasks, depth } = (await reply.json()) as { tasks: readonly { id: number }[]; depth: number };
  const [latest] = tasks;
  if (latest === undefined) return { queueDepth: depth };
  return { queueDepth: depth, processedPerSecond: (enqueuedPerSecond * (latest.id - depth)) / latest.id };
}

const CALLS = 1_000;

/** A thousand calls, and which node answered each; its workers count as one. */
async function countNodes(target: URL): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < CALLS; i += 1) {
    const reply = await fetch(new URL('/api/health/worker', target));
    const { node } = (await reply.json()) as { node: string };
    const name = node.replace(/-worker-\d+$/, '');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
