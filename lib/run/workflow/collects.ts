import type { Plan } from '../../plan/plan.ts';
import { isCollectable } from '../../signals/series/collectable.ts';
import type { Signal } from '../../signals/signal.ts';
import type { Collects } from '../archive/run-record.ts';
import type { SettingsOf } from './settings.ts';

/**
 * What the collector reads for a plan: the environment's own service, database and cache where the load goes there, and what the plan's
 * `signals.metrics` names. Undefined where there is no collector, or nothing that it could read.
 */
export function collectsFor(
  { signals: { metrics: wanted } }: Pick<Plan, 'signals'>,
  target: URL,
  { target: ownTarget, collector }: Pick<SettingsOf<'prepare'>, 'target' | 'collector'>,
): Collects | undefined {
  if (collector === undefined) return undefined;
  const isOwn = target.origin === new URL(ownTarget).origin;
  const named = wanted ?? (isOwn ? collector.metricsPath : undefined);
  const metrics = named === undefined ? undefined : metricsAt(new URL(named, target), target, isOwn);
  const { database, cache } = isOwn ? collector : { database: false, cache: false };
  if (metrics === undefined && !database && !cache) return undefined;
  return { ...(metrics && { metrics }), database, cache };
}

/** Behind the balancer any task would answer, so of the environment's own service each is asked by itself. */
const metricsAt = (url: URL, target: URL, isOwn: boolean): NonNullable<Collects['metrics']> =>
  isOwn && url.origin === target.origin ? { path: `${url.pathname}${url.search}` } : { url: url.href };

/** Whether the collector may be able to read a signal. */
export const isCollected = (signal: Signal, collects: Collects | undefined): boolean =>
  collects !== undefined && isCollectable(signal, { ...collects, service: collects.metrics !== undefined });
