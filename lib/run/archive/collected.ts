import { z } from 'zod';
import type { SignalSeries, Statement } from '../../signals/signal.ts';
import type { RunKeys } from './keys.ts';
import { jsonAt, type Store } from './store.ts';

const progress = z.object({
  /** All that was read until then is stored. */
  atMs: z.number(),
  /** It reads no more. */
  ended: z.boolean(),
  /** Why something may be missing, in sentences. */
  doubts: z.array(z.string()),
});

/** `collected.json`: how far the collector has come. */
export type CollectorProgress = z.infer<typeof progress>;

/** What the collector has stored of a run. */
export interface CollectedFigures extends CollectorProgress {
  readonly series: readonly SignalSeries[];
  /** None before its end. */
  readonly statements: readonly Statement[];
}

/** The progress last: what it speaks of is there. */
export async function storeCollected(store: Store, keys: RunKeys, collected: CollectedFigures): Promise<void> {
  const { series, statements, ...rest } = collected;
  await store.put(keys.signals, JSON.stringify(series));
  if (rest.ended) await store.put(keys.statements, JSON.stringify(statements));
  await store.put(keys.collected, JSON.stringify(rest));
}

/** Undefined where no collector has begun. @throws PlimsollError E-STORE-DAMAGED */
export const collectorProgress = async (store: Store, keys: RunKeys): Promise<CollectorProgress | undefined> =>
  await jsonAt(store, keys.collected, (value) => progress.parse(value));

/** Undefined where no collector has begun. @throws PlimsollError E-STORE-DAMAGED */
export async function collectedOf(store: Store, keys: RunKeys): Promise<CollectedFigures | undefined> {
  const known = await collectorProgress(store, keys);
  if (known === undefined) return undefined;
  const [series = [], statements = []] = await Promise.all([
    jsonAt(store, keys.signals, (value) => z.array(z.custom<SignalSeries>(isSeries)).parse(value)),
    jsonAt(store, keys.statements, (value) => z.array(z.custom<Statement>(isStatement)).parse(value)),
  ]);
  return { ...known, series, statements };
}

/** They were written by the same version; what is checked is whether they are such at all. */
const isSeries = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'id' in value && 'points' in value && Array.isArray(value.points);

const isStatement = (value: unknown): boolean => typeof value === 'object' && value !== null && 'text' in value;
