import { z } from 'zod';

const start = z.union([z.object({ startAtMs: z.number() }), z.object({ refused: z.string() })]);

/** `start.json`: when the phase starts, or why it never does. It is written once, by whichever worker knows first. */
export type PhaseStart = z.infer<typeof start>;

/** @throws SyntaxError, ZodError */
export const parsePhaseStart = (text: string): PhaseStart => start.parse(JSON.parse(text));

/** Of `start.json`, if it is there; undefined where there is no start, or none yet. */
export function startOf(text: string | undefined): number | undefined {
  const told = text === undefined ? undefined : parsePhaseStart(text);
  return told !== undefined && 'startAtMs' in told ? told.startAtMs : undefined;
}

const end = z.object({ lost: z.string().optional() });

/** `end/<worker>.json`: written when the worker's last interval is stored; `lost` says why its part is not whole. */
export type WorkerEnd = z.infer<typeof end>;

/** @throws SyntaxError, ZodError */
export const parseWorkerEnd = (text: string): WorkerEnd => end.parse(JSON.parse(text));
