import { messageOf } from '../../errors.ts';
import { unreadNames } from '../../signals/own-names.ts';
import type { SignalSeries } from '../../signals/signal.ts';
import { type CollectedFigures, collectedOf, type CollectorProgress, collectorProgress } from '../archive/collected.ts';
import type { StoredRun } from '../archive/run-record.ts';
import type { CloudPorts } from './ports.ts';

export type CollectedPorts = Pick<CloudPorts, 'store' | 'nowMs' | 'sleep'>;

const NOTHING = { atMs: 0, ended: false, series: [], statements: [] };
const LOOK_EVERY_MS = 500;
/** It looks for the run's end every second, asks for the statements in nine at the most, and writes a few megabytes. */
const PATIENCE_MS = 30_000;
/** It stores what it has every ten seconds; one that is silent for longer has ended without a word. */
const SILENT_MS = 60_000;

/** All that was collected of a run, once the collector has ended; what speaks against it is in its doubts. */
export async function endOfCollection(ports: CollectedPorts, stored: StoredRun): Promise<CollectedFigures> {
  return await collected(ports, stored, ({ ended }) => ended);
}

/** What was collected of a run up to a moment. */
export async function collectedUntil(
  ports: CollectedPorts,
  stored: StoredRun,
  untilMs: number,
): Promise<CollectedFigures> {
  return await collected(ports, stored, ({ atMs, ended }) => ended || atMs >= untilMs);
}

/** Waits, but not for long, until the collector has come so far. What can't be read is a doubt, never the end of a run. */
async function collected(
  ports: CollectedPorts,
  stored: StoredRun,
  isEnough: (progress: CollectorProgress) => boolean,
): Promise<CollectedFigures> {
  const { facts, keys } = stored;
  if (facts.collects === undefined) return { ...NOTHING, doubts: [] };
  try {
    const progress = await waitedFor(ports, stored, isEnough);
    const found = await collectedOf(ports.store, keys);
    if (found === undefined) return { ...NOTHING, doubts: [NEVER_BEGAN] };
    return { ...found, doubts: [...lateness(progress, isEnough), ...found.doubts, ...unread(stored, found.series)] };
  } catch (error) {
    return { ...NOTHING, doubts: [`What the collector stored could not be read: ${messageOf(error)}`] };
  }
}

const NEVER_BEGAN =
  "The collector's task did not begin, so figures that only the system itself knows are missing; its log group says why.";

async function waitedFor(
  { store, nowMs, sleep }: CollectedPorts,
  { keys }: StoredRun,
  isEnough: (progress: CollectorProgress) => boolean,
): Promise<CollectorProgress | undefined> {
  for (const untilMs = nowMs() + PATIENCE_MS; ; await sleep(LOOK_EVERY_MS)) {
    const progress = await collectorProgress(store, keys);
    const mayStillCome = progress !== undefined && nowMs() - progress.atMs < SILENT_MS && nowMs() < untilMs;
    if (!mayStillCome || isEnough(progress)) return progress;
  }
}

function lateness(
  progress: CollectorProgress | undefined,
  isEnough: (progress: CollectorProgress) => boolean,
): string[] {
  if (progress === undefined || isEnough(progress)) return [];
  const at = new Date(progress.atMs).toISOString();
  return [`The collector was last heard at ${at}; the system's own figures after it, and its statements, are missing.`];
}

/** What was to be read, and nothing came. */
function unread({ facts: { collects }, plan }: StoredRun, series: readonly SignalSeries[]): string[] {
  const lacks = (id: string): boolean => !series.some((each) => each.id === id);
  const noFigures = collects?.metrics !== undefined && lacks('service.scrape-time');
  return [
    ...(noFigures ? [`No figures of the service were read at ${pathOf(collects.metrics)}.`] : []),
    ...(collects?.database === true && lacks('database.connections')
      ? ['Nothing was read of the database: does it have the role plimsoll_watch (docs/deploy.md)?']
      : []),
    ...(collects?.metrics === undefined ? [] : unreadNames(plan.signals.names ?? {}, series)),
  ];
}

const pathOf = (metrics: { readonly path: string } | { readonly url: string } | undefined): string =>
  metrics === undefined ? '' : 'path' in metrics ? metrics.path : metrics.url;
