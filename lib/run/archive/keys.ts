/** Who runs: `{execution}`. Put `absent`, taken over with `unchangedSince`. */
export const LOCK_KEY = 'lock.json';

export const planKey = (name: string): string => `plans/${name}.yaml`;

/** All runs, one below another. */
export const RUNS_PREFIX = 'runs/';

/** Where everything of one run is kept; what the renderers write lies beside these, as `file(name)`. */
export const runKeys = (id: string) => ({
  /** The plan as it is run: checked, lowered, target and all. */
  plan: `${RUNS_PREFIX}${id}/plan.json`,
  /** `{id, startedAt, environment, target, execution}` */
  run: `${RUNS_PREFIX}${id}/run.json`,
  state: `${RUNS_PREFIX}${id}/state.json`,
  /** There once all phases are over, and their report is being made. */
  reporting: `${RUNS_PREFIX}${id}/reporting.json`,
  /** There once the run's load is being ended: no task begins to load any more. */
  ended: `${RUNS_PREFIX}${id}/ended.json`,
  file: (name: string): string => `${RUNS_PREFIX}${id}/${name}`,
  phase: (index: number) => phaseKeys(`${RUNS_PREFIX}${id}/phases/${index}/`),
});

/** Keys of one phase. Workers are numbered from 0, as in the intervals. See phase-files.ts for what is in them. */
const phaseKeys = (prefix: string) => ({
  readyPrefix: `${prefix}ready/`,
  ready: (worker: number): string => `${prefix}ready/${worker}`,
  start: `${prefix}start.json`,
  intervalsPrefix: `${prefix}intervals/`,
  /** A chunk of one worker's intervals, by its first second; six digits hold eleven days, and sort as numbers do. */
  intervals: (worker: number, firstSecond: number): string =>
    `${prefix}intervals/${worker}/${String(firstSecond).padStart(6, '0')}.ndjson`,
  endPrefix: `${prefix}end/`,
  end: (worker: number): string => `${prefix}end/${worker}.json`,
  outcome: `${prefix}outcome.json`,
});

export type PhaseKeys = ReturnType<typeof phaseKeys>;
