import { parseDurationUs } from '../../units.ts';
import { asRecord, type Draft } from '../draft.ts';
import type { Problem } from '../../document/problems.ts';
import { parseObjective } from '../objective.ts';

const DEFAULT_FROM = 10;

/** What no search can answer: rates the wrong way round, a hold that the budget has no room for, objectives that no load misses. */
export function checkCapacity(draft: Draft): Problem[] {
  const capacity = asRecord(draft['capacity']);
  return [...checkRates(capacity), ...checkBudget(capacity), ...checkFloors(capacity)];
}

function checkRates({ from = DEFAULT_FROM, max }: Draft): Problem[] {
  if (typeof from !== 'number' || typeof max !== 'number' || from <= max) return [];
  return [{ path: ['capacity', 'max'], text: `is ${max}, below the ${from} arrivals/s that the search begins with` }];
}

/** Bracketing needs some ten probes of three seconds before anything can be held. */
export const BRACKET_US = 30e6;

function checkBudget({ from = DEFAULT_FROM, hold, budget }: Draft): Problem[] {
  const { time, requests } = asRecord(budget);
  return [...checkTime(hold, time), ...checkRequests(from, requests)];
}

function checkRequests(from: unknown, requests: unknown): Problem[] {
  if (typeof from !== 'number' || typeof requests !== 'number') return [];
  const least = Math.ceil((from * BRACKET_US) / 1e6);
  if (requests >= least) return [];
  const text = `${requests} is too little: coming near the capacity takes ${least} even at the ${from} arrivals/s that the search begins with`;
  return [{ path: ['capacity', 'budget', 'requests'], text }];
}

function checkTime(hold: unknown, time: unknown): Problem[] {
  if (typeof time !== 'string') return [];
  const [timeUs, holdUs] = [parseDurationUs(time), parseDurationUs(typeof hold === 'string' ? hold : '30s')];
  if (timeUs === undefined || holdUs === undefined || timeUs >= holdUs + BRACKET_US) return [];
  const text = `${time} is too little: the hold and 30 s to come near the capacity must fit into it`;
  return [{ path: ['capacity', 'budget', 'time'], text }];
}

function checkFloors({ objectives }: Draft): Problem[] {
  if (!Array.isArray(objectives) || objectives.length === 0) return [];
  const parsed = objectives.map((text) => (typeof text === 'string' ? parseObjective(text) : undefined));
  if (!parsed.every((objective) => objective?.metric.of === 'throughput')) return [];
  const text = 'only ask for throughput, which no load is too high for; add a limit such as p99 < 500ms or errors < 1%';
  return [{ path: ['capacity', 'objectives'], text }];
}
