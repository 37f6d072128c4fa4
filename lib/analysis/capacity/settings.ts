import type { Objective } from '../../plan/objective.ts';
import type { Plan } from '../../plan/plan.ts';
import { courseOf } from '../../plan/steps/index.ts';
import type { SearchSettings } from './history.ts';
import type { SearchObjective } from './probe.ts';

/** A floor of throughput is no limit of the load: it is held against the answer, and not against the probes on the way there. */
export const searchedObjectives = (objectives: readonly Objective[]): readonly Objective[] =>
  objectives.filter(({ metric }) => metric.of !== 'throughput');

/** What a plan asks of a search. */
export function settingsOf({ capacity }: Pick<Plan, 'capacity'>): SearchSettings {
  return {
    startPerSecond: capacity.fromPerSecond,
    maxPerSecond: capacity.maxPerSecond,
    widthRatio: capacity.widthRatio,
    confidence: 0.95,
    holdSeconds: capacity.holdUs / 1e6,
    budget: {
      seconds: capacity.budgetUs / 1e6,
      ...(capacity.budgetArrivals !== undefined && { requests: capacity.budgetArrivals }),
    },
    arrivals: capacity.process,
    objectives: searchedObjectives(capacity.objectives).map(searchObjective),
  };
}

export function searchObjective({ text, metric, target }: Objective): SearchObjective {
  // The worst of some seconds is no share of requests.
  if (metric.overSeconds !== undefined) return { text };
  switch (metric.of) {
    case 'responseTime':
    case 'serviceTime':
      return typeof metric.stat === 'number'
        ? { text, allowedRatio: Number((1 - metric.stat / 100).toFixed(6)), limitUs: target.value }
        : { text };
    case 'errors':
    case 'timeouts':
    case 'status':
      return { text, allowedRatio: target.value };
    case 'availability':
      return { text, allowedRatio: 1 - target.value };
    default:
      return { text };
  }
}

/**
 * Seconds until a constant rate of arrivals makes a constant rate of requests: journeys with pauses go on for that long. Half as
 * much again as the longest journey pauses, since pauses vary.
 */
export const journeySeconds = ({ scenarios }: Pick<Plan, 'scenarios'>): number =>
  Math.ceil((1.5 * Math.max(0, ...scenarios.map(({ steps }) => courseOf(steps).thinkUs))) / 1e6);
