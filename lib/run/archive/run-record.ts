import { z } from 'zod';
import type { Plan } from '../../plan/plan.ts';
import type { Next } from '../next.ts';
import { type RunKeys, runKeys } from './keys.ts';
import { storePhase } from './phase-files.ts';
import { jsonAt, type Store } from './store.ts';

/** A run's id: part of keys, and the name of a folder. */
export const runName = z.string().regex(/^\w[\w-]*$/);

/** What is read of the system beside the load of a run in the cloud. */
const collects = z.object({
  /** A path that every task of the service answers, or one address alone. */
  metrics: z.union([z.object({ path: z.string() }), z.object({ url: z.url() })]).exactOptional(),
  database: z.boolean(),
  cache: z.boolean(),
});

export type Collects = z.infer<typeof collects>;

const facts = z.object({
  id: runName,
  startedAt: z.iso.datetime(),
  environment: z.string(),
  target: z.url(),
  /** The ARN of an execution; `local` on a laptop. */
  execution: z.string(),
  planSha256: z.string(),
  workers: z.int(),
  /** Hosts that captured addresses may lead to, of a run in the cloud. */
  allow: z.object({ hosts: z.array(z.string()), production: z.array(z.string()) }).exactOptional(),
  /** Absent where there is no collector, or nothing for it to read. */
  collects: collects.exactOptional(),
});

/** `run.json`: what is fixed when a run begins. */
export type RunFacts = z.infer<typeof facts>;

/** A run in a store: what was fixed when it began, and the keys under which the rest of it is. */
export interface StoredRun {
  readonly keys: RunKeys;
  readonly facts: RunFacts;
  readonly plan: Plan;
}

/** It was checked when it was written; what is checked here is whether it is one at all. */
const isPlan = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'phases' in value && Array.isArray(value.phases);

/** What a pointer holds. */
export const pointer = z.object({ run: runName });

/** Which run an execution makes, so that it is found by the execution alone. */
const pointerKey = (execution: string): string => `executions/${execution.split(':').at(-1) ?? execution}.json`;

/** The plan as plain JSON. Rows may hold the logins of test users, and no report needs them. */
const withoutRows = (plan: Plan): Plan => ({
  ...plan,
  feeders: plan.feeders.map(({ name, order, columns }) => ({ name, order, columns })),
});

/** Stores what is fixed when a run begins. */
export async function storeRun(store: Store, { keys, plan, facts: given }: StoredRun): Promise<void> {
  await store.put(keys.plan, JSON.stringify(withoutRows(plan)));
  await store.put(keys.run, JSON.stringify(given));
}

/** Stores the run, with the rows that its tasks need, and then the pointer to it: where a pointer is, there is all of its run. */
export async function storeRunOfExecution(store: Store, run: Omit<StoredRun, 'keys'>): Promise<void> {
  const { id, execution } = run.facts;
  for (const { name, rows } of run.plan.feeders)
    // A copy: not everything that writes to a network takes memory that threads share.
    if (rows !== undefined) await store.put(runKeys(id).feeder(name), new Uint8Array(rows.bytes));
  await storeRun(store, { ...run, keys: runKeys(id) });
  await store.put(pointerKey(execution), JSON.stringify({ run: id }));
}

/** Throws where there is no such run: the workflow hands on only ids of runs that are there. */
export async function readRun(store: Store, id: string): Promise<StoredRun> {
  const run = await runAt(store, runKeys(id));
  if (run === undefined) throw new Error(`there is no run ${id} in the store`);
  return run;
}

/** The run under these keys; undefined where there is none. @throws PlimsollError E-STORE-DAMAGED */
export async function runAt(store: Store, keys: RunKeys): Promise<StoredRun | undefined> {
  const [run, plan] = await Promise.all([
    jsonAt(store, keys.run, (value) => facts.parse(value)),
    jsonAt(store, keys.plan, (value) => z.custom<Plan>(isPlan).parse(value)),
  ]);
  return run && plan && { keys, facts: run, plan };
}

/** The id of the run that an execution has begun; undefined where it has not come so far. */
export async function runOf(store: Store, execution: string): Promise<string | undefined> {
  return (await jsonAt(store, pointerKey(execution), (value) => pointer.parse(value)))?.run;
}

/** Whether a run's report is whole: its summary is written last. */
export const isReported = async (store: Store, id: string): Promise<boolean> =>
  (await store.get(runKeys(id).file('summary.json'))) !== undefined;

const state = z.object({ handedOut: z.int() });

/** `state.json`: how many phases were handed out, for `plimsoll cloud watch`. */
export type StoredState = z.infer<typeof state>;

/** Stores what was decided: the phase first, so that every phase which is counted is there. */
export async function storeDecision(store: Store, keys: RunKeys, decided: Next): Promise<void> {
  const { handedOut, passed, stopped } = decided.state;
  if ('phase' in decided)
    await storePhase(store, keys.phase(decided.number), { phase: decided.phase, handedOut, passed, stopped });
  await store.put(keys.state, JSON.stringify({ handedOut }));
}

export const readState = async (store: Store, keys: RunKeys): Promise<StoredState> =>
  (await jsonAt(store, keys.state, (value) => state.parse(value))) ?? { handedOut: 0 };
