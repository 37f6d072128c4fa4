import { z } from 'zod';
import type { Plan } from '../../plan/plan.ts';
import { runKeys } from './keys.ts';
import { jsonAt, type Store } from './store.ts';

/** A run's id: part of keys, and the name of a folder. */
export const runName = z.string().regex(/^\w[\w-]*$/);

const facts = z.object({
  id: runName,
  startedAt: z.iso.datetime(),
  environment: z.string(),
  target: z.url(),
  execution: z.string(),
  planSha256: z.string(),
  workers: z.int(),
});

/** `run.json`: what is fixed when a run begins. */
export type RunFacts = z.infer<typeof facts>;

export interface KeptRun {
  readonly facts: RunFacts;
  readonly plan: Plan;
}

/** It was checked when it was written; what can be told apart is whether it is one at all. */
const isPlan = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'phases' in value && Array.isArray(value.phases);

/** What a pointer holds. */
export const pointer = z.object({ run: runName });

/** Which run an execution makes, so that whoever knows only the execution finds it. */
const pointerKey = (execution: string): string => `executions/${execution.split(':').at(-1) ?? execution}.json`;

/** Writes the pointer last: whoever finds a run finds all of it. */
export async function keepRun(store: Store, { facts: given, plan }: KeptRun): Promise<void> {
  const keys = runKeys(given.id);
  await store.put(keys.plan, JSON.stringify(plan));
  await store.put(keys.run, JSON.stringify(given));
  await store.put(pointerKey(given.execution), JSON.stringify({ run: given.id }));
}

/** Throws where there is no such run: the workflow hands on only ids of runs that are there. */
export async function readRun(store: Store, id: string): Promise<KeptRun> {
  const keys = runKeys(id);
  const [run, plan] = await Promise.all([
    jsonAt(store, keys.run, (value) => facts.parse(value)),
    jsonAt(store, keys.plan, (value) => z.custom<Plan>(isPlan).parse(value)),
  ]);
  if (run === undefined || plan === undefined) throw new Error(`there is no run ${id} in the store`);
  return { facts: run, plan };
}

/** The id of the run that an execution has begun; undefined where it has not come so far. */
export async function runOf(store: Store, execution: string): Promise<string | undefined> {
  return (await jsonAt(store, pointerKey(execution), (value) => pointer.parse(value)))?.run;
}

/** Whether a run's report is whole: its summary is written last. */
export const isReported = async (store: Store, id: string): Promise<boolean> =>
  (await store.get(runKeys(id).file('summary.json'))) !== undefined;

const state = z.object({ behind: z.int(), stopped: z.boolean() });

/** `state.json`: a RunState without its plan. */
export type KeptState = z.infer<typeof state>;

export const keepState = async (store: Store, id: string, { behind, stopped }: KeptState): Promise<void> =>
  void (await store.put(runKeys(id).state, JSON.stringify({ behind, stopped })));

export async function readState(store: Store, id: string): Promise<KeptState> {
  const kept = await jsonAt(store, runKeys(id).state, (value) => state.parse(value));
  return kept ?? { behind: 0, stopped: false };
}
