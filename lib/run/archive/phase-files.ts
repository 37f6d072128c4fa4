import { z } from 'zod';
import type { Probe } from '../../analysis/capacity/probe.ts';
import type { Phase } from '../../plan/phase.ts';
import type { PhaseKeys, RunKeys } from './keys.ts';
import { jsonAt, type Store } from './store.ts';

/** It was checked when it was written; what is checked here is whether it is one at all. */
const isPhase = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'segments' in value && Array.isArray(value.segments);

const handedOut = z.object({
  phase: z.custom<Phase>(isPhase),
  handedOut: z.int(),
  passed: z.int(),
  stopped: z.boolean(),
});

/** `phase.json`: a phase that was handed out to be run, and how far the run had come with it. */
export type HandedOutPhase = z.infer<typeof handedOut>;

/** Undefined where no phase was handed out under this number. @throws PlimsollError E-STORE-DAMAGED */
export const phaseAt = async (store: Store, keys: PhaseKeys): Promise<HandedOutPhase | undefined> =>
  await jsonAt(store, keys.phase, (value) => handedOut.parse(value));

/** Twice is the same: the step that hands a phase out may be tried again. */
export const storePhase = async (store: Store, keys: PhaseKeys, given: HandedOutPhase): Promise<void> =>
  void (await store.put(keys.phase, JSON.stringify(given)));

const start = z.union([z.object({ startAtMs: z.number() }), z.object({ refused: z.string() })]);

/** `start.json`: when the phase starts, or why it never does. It is written once, by whichever worker knows first. */
export type PhaseStart = z.infer<typeof start>;

/** @throws PlimsollError E-STORE-DAMAGED */
export const phaseStart = async (store: Store, keys: PhaseKeys): Promise<PhaseStart | undefined> =>
  await jsonAt(store, keys.start, (value) => start.parse(value));

/** Undefined where there is no start, or none yet. */
export async function startedAtMs(store: Store, keys: PhaseKeys): Promise<number | undefined> {
  const agreed = await phaseStart(store, keys);
  return agreed !== undefined && 'startAtMs' in agreed ? agreed.startAtMs : undefined;
}

const end = z.object({ lost: z.string().optional(), drawn: z.record(z.string(), z.int()).optional() });

/**
 * `end/<worker>.json`: written when the worker's last interval is stored; `lost` says why its part is not whole, `drawn` how many rows
 * of each unique feeder the worker has handed out since the run's beginning.
 */
export type WorkerEnd = z.infer<typeof end>;

/** Undefined of a worker that was killed, or never began. @throws PlimsollError E-STORE-DAMAGED */
export const workerEnd = async (store: Store, keys: PhaseKeys, worker: number): Promise<WorkerEnd | undefined> =>
  await jsonAt(store, keys.end(worker), (value) => end.parse(value));

/** `probe.json`: what a search reads of a phase that it has asked for. Nothing is stored of other phases. */
export const storeProbe = async (store: Store, keys: PhaseKeys, probe: Probe | undefined): Promise<void> => {
  if (probe !== undefined) await store.put(keys.probe, JSON.stringify(probe));
};

/** The probes of a search, up to the phase of this number. JSON has no NaN, which stands for times that were not measured. */
export async function probesOf(store: Store, keys: RunKeys, upTo: number): Promise<Probe[]> {
  const numbers = Array.from({ length: upTo + 1 }, (_, number) => number);
  const probes = await Promise.all(numbers.map((number) => jsonAt(store, keys.phase(number).probe, readProbe)));
  return probes.filter((probe) => probe !== undefined);
}

function readProbe(value: unknown): Probe {
  const probe = z.custom<Probe>(isProbe).parse(value);
  return { ...probe, meanUs: probe.meanUs ?? Number.NaN, medianUs: probe.medianUs ?? Number.NaN };
}

const isProbe = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'seconds' in value && Array.isArray(value.seconds);
