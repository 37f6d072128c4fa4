/** Who runs: `{execution}`. Put `absent`, taken over with `unchangedSince`. */
export const LOCK_KEY = 'lock.json';

export const planKey = (name: string): string => `plans/${name}.yaml`;

/** What a run's setup has captured: tokens, so it is not below the run's own prefix, which is retained. `{captured, pages}` */
export const captureKey = (run: string): string => `captures/${run}.json`;

/** All runs, one below another. */
export const RUNS_PREFIX = 'runs/';

/**
 * Where everything of one run is stored, below a prefix; what the renderers write lies beside these, as `file(name)`. In a bucket
 * the prefix is `runs/<id>/`, in the folder of a laptop's run it is empty.
 */
const runKeysBelow = (prefix: string) => ({
  /** The plan as it is run: checked, lowered, target and all. */
  plan: `${prefix}plan.json`,
  /** `{id, startedAt, environment, target, execution, planSha256, workers}` */
  run: `${prefix}run.json`,
  /** Rows of a feeder, as they lay beside the plan. In a bucket only. */
  feeder: (name: string): string => `${prefix}feeders/${name}.csv`,
  state: `${prefix}state.json`,
  /** There once all phases are over, and their report is being made. */
  reporting: `${prefix}reporting.json`,
  /** There once the run's load is being ended: no task begins to load any more. */
  ended: `${prefix}ended.json`,
  /** Series of signals: in a folder until the last phase's end, in a bucket as far as the collector has come. */
  signals: `${prefix}signals.json`,
  /** The slowest statements of the run, and how far the collector has come. In a bucket only. */
  statements: `${prefix}statements.json`,
  collected: `${prefix}collected.json`,
  /** What `setup`, `checks` and `teardown` sent. In a bucket only. */
  once: (name: string): string => `${prefix}once/${name}.json`,
  /** There once the setup was begun. */
  setupBegun: `${prefix}once/setup-begun.json`,
  phasesPrefix: `${prefix}phases/`,
  file: (name: string): string => `${prefix}${name}`,
  /** By the number under which a phase was handed out, from 0. */
  phase: (number: number) => phaseKeys(`${prefix}phases/${number}/`),
});

export type RunKeys = ReturnType<typeof runKeysBelow>;

export const runKeys = (id: string): RunKeys => runKeysBelow(`${RUNS_PREFIX}${id}/`);

/** Keys in a folder that holds one run alone. */
export const folderKeys: RunKeys = runKeysBelow('');

/** Keys of one phase. Workers are numbered from 0, as in the intervals. See phase-files.ts for what is in them. */
const phaseKeys = (prefix: string) => ({
  phase: `${prefix}phase.json`,
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
  /** What a search reads of it. */
  probe: `${prefix}probe.json`,
});

export type PhaseKeys = ReturnType<typeof phaseKeys>;
