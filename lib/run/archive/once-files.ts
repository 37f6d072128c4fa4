import { z } from 'zod';
import type { OnceFailure, OnceRecord, OnceRecords } from '../../measure/once.ts';
import type { HandedOn, Plan } from '../../plan/plan.ts';
import { captureKey, type RunKeys } from './keys.ts';
import { jsonAt, type Store } from './store.ts';

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'steps' in value && 'tookSeconds' in value;

type OnceName = keyof OnceRecords;

/** What `setup`, `checks` or `teardown` of a stored run sent; undefined where it did not come to its end. @throws PlimsollError E-STORE-DAMAGED */
export const onceRecord = async (store: Store, keys: RunKeys, name: OnceName): Promise<OnceRecord | undefined> =>
  await jsonAt(store, keys.once(name), (value) => z.custom<OnceRecord>(isRecord).parse(value));

export const storeOnce = async (store: Store, keys: RunKeys, name: OnceName, record: OnceRecord): Promise<void> =>
  void (await store.put(keys.once(name), JSON.stringify(record)));

export async function onceRecords(store: Store, keys: RunKeys): Promise<OnceRecords> {
  const names: readonly OnceName[] = ['setup', 'checks', 'teardown'];
  const found = await Promise.all(names.map(async (name) => [name, await onceRecord(store, keys, name)] as const));
  return Object.fromEntries(found.filter(([, record]) => record !== undefined));
}

/** False where the setup was begun before: what it made can't be made a second time. */
export const beginSetup = async (store: Store, keys: RunKeys): Promise<boolean> =>
  await store.put(keys.setupBegun, '{}', 'absent');

const texts = z.record(z.string(), z.string());
const handedOn = z.object({ captured: texts, pages: texts });

export const storeHandedOn = async (store: Store, run: string, { captured, pages }: HandedOn): Promise<void> =>
  void (await store.put(captureKey(run), JSON.stringify({ captured, pages })));

/** Nothing where the plan has no setup, or all is over. @throws PlimsollError E-STORE-DAMAGED */
export const readHandedOn = async (store: Store, run: string): Promise<HandedOn> =>
  (await jsonAt(store, captureKey(run), (value) => handedOn.parse(value))) ?? { captured: {}, pages: {} };

/** Tokens are of no use to readers of a run. */
export const forgetHandedOn = async (store: Store, run: string): Promise<void> =>
  await storeHandedOn(store, run, { captured: {}, pages: {} });

export const describeOnceFailure = ({ step, kind, detail }: OnceFailure): string =>
  `step "${step}" ended as ${kind}${detail === undefined ? '' : ` (${detail})`}`;

/** Why a setup failed. No teardown follows: what that removes may not be there. */
export function describeSetupFailure({ teardown }: Pick<Plan, 'teardown'>, { steps, failure }: OnceRecord): string {
  const why = failure === undefined ? 'it broke off' : describeOnceFailure(failure);
  const isHalfDone = Object.values(steps).some(({ ok }) => ok > 0);
  return teardown !== undefined && isHalfDone
    ? `${why}; no teardown follows, and what was made before may still be there`
    : why;
}

/** What a report says where what the run has made may not be removed. */
export function teardownDoubts(record: OnceRecord | undefined, isDue = false): string[] {
  const left = 'What the run has made may still be there.';
  if (record === undefined) return isDue ? [`The teardown did not come to its end. ${left}`] : [];
  return record.failure === undefined ? [] : [`The teardown failed: ${describeOnceFailure(record.failure)}. ${left}`];
}

/** In what state the setup has left a run. */
export type SetupState = 'none' | 'done' | 'failed' | 'unfinished';

export async function setupState(store: Store, keys: RunKeys, { setup }: Pick<Plan, 'setup'>): Promise<SetupState> {
  if (setup === undefined) return 'none';
  const record = await onceRecord(store, keys, 'setup');
  if (record === undefined) return 'unfinished';
  return record.failure === undefined ? 'done' : 'failed';
}

/** What the report of a stored run says of its teardown; a setup that failed, or came to no end, is followed by none. */
export function onceDoubts({ setup, teardown }: Plan, records: OnceRecords): string[] {
  const isSetUp = setup === undefined || (records.setup !== undefined && records.setup.failure === undefined);
  return teardownDoubts(records.teardown, teardown !== undefined && isSetUp);
}
