import type { MetricsReply, MetricWindow } from '../../run/workflow/ports.ts';
import type { MetricQuery } from '../../signals/cloudwatch/query.ts';

/** Whole periods, aligned as CloudWatch aligns them. */
export interface Periods {
  readonly periodSeconds: number;
  readonly fromMs: number;
  /** The end of the last one. */
  readonly untilMs: number;
  readonly count: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** "Metrics retention" in the CloudWatch User Guide: so long there are points as fine as this. */
const KEPT = [
  { forMs: 3 * HOUR_MS, seconds: 1 },
  { forMs: 15 * DAY_MS, seconds: 60 },
  { forMs: 63 * DAY_MS, seconds: 300 },
];
const COARSEST_SECONDS = 3600;

/** "1, 5, 10, 20, 30, 60, or any multiple of 60" (CloudWatch API, MetricStat): the finest of them that is no finer. */
const SHORT = [1, 5, 10, 20, 30, 60];
const taken = (seconds: number): number => SHORT.find((each) => each >= seconds) ?? Math.ceil(seconds / 60) * 60;

/** The periods whose middle lies within the window, no finer than CloudWatch keeps at the age of the window's start. */
export function periodsOf({ fromMs, toMs, periodSeconds: wanted }: MetricWindow, nowMs: number): Periods {
  const finest = KEPT.find(({ forMs }) => nowMs - fromMs < forMs)?.seconds ?? COARSEST_SECONDS;
  const periodSeconds = Math.ceil(taken(wanted) / finest) * finest;
  const periodMs = periodSeconds * 1000;
  const first = Math.ceil(fromMs / periodMs - 0.5);
  const count = Math.max(0, Math.floor(toMs / periodMs - 0.5) - first + 1);
  return { periodSeconds, fromMs: first * periodMs, untilMs: (first + count) * periodMs, count };
}

/**
 * Namespaces whose last period has no reading yet. Many metrics speak only of trouble, so each is vouched for by the others
 * of its namespace, which come together; a namespace that never spoke is not awaited, unless nobody has spoken at all.
 */
export function silentNamespaces(
  queries: readonly MetricQuery[],
  points: MetricsReply['points'],
  { untilMs, periodSeconds }: Periods,
): string[] {
  const newest = new Map<string, number>();
  for (const { id, parts } of queries) {
    const atMs = points.get(id)?.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
    for (const { namespace } of Object.values(parts))
      newest.set(namespace, Math.max(atMs, newest.get(namespace) ?? atMs));
  }
  const spoke = [...newest].filter(([, atMs]) => Number.isFinite(atMs));
  if (spoke.length === 0) return [...newest.keys()];
  return spoke.filter(([, atMs]) => atMs < untilMs - periodSeconds * 1000).map(([namespace]) => namespace);
}
