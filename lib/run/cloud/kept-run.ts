import { z } from 'zod';
import type { Plan } from '../../plan/plan.ts';
import { runKeys } from '../keys.ts';
import { textAt, type Store } from '../store.ts';

const facts = z.object({
  id: z.string(),
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
  const [run, plan] = await Promise.all([textAt(store, keys.run), textAt(store, keys.plan)]);
  if (run === undefined || plan === undefined) throw new Error(`there is no run ${id} in the store`);
  return { facts: facts.parse(JSON.parse(run)), plan: JSON.parse(plan) as Plan };
}

/** The id of the run that an execution has begun; undefined where it has not come so far. */
export async function runOf(store: Store, execution: string): Promise<string | undefined> {
  const text = await textAt(store, pointerKey(execution));
  return text === undefined ? undefined : z.object({ run: z.string() }).parse(JSON.parse(text)).run;
}

const state = z.object({ behind: z.int(), stopped: z.boolean() });

/** `state.json`: a RunState without its plan. */
export type KeptState = z.infer<typeof state>;

export const keepState = async (store: Store, id: string, { behind, stopped }: KeptState): Promise<void> =>
  void (await store.put(runKeys(id).state, JSON.stringify({ behind, stopped })));

export async function readState(store: Store, id: string): Promise<KeptState> {
  const text = await textAt(store, runKeys(id).state);
  return text === undefined ? { behind: 0, stopped: false } : state.parse(JSON.parse(text));
}
