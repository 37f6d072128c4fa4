import { z } from 'zod';

const start = z.object({
  startAtMs: z.number().optional(),
  /** Tries of workers that have given up before anything started: their `ready` counts no more. */
  resigned: z.array(z.string()).default([]),
});

/**
 * `start.json`: when the phase starts, once that is agreed; before that, who has given up. It is only ever written with a
 * condition, so that starting and giving up can't both happen.
 */
export type PhaseStartFile = z.infer<typeof start>;

/** @throws SyntaxError, ZodError */
export const parsePhaseStart = (text: string): PhaseStartFile => start.parse(JSON.parse(text));

const end = z.object({ lost: z.string().optional() });

/** `end/<worker>.json`: written when the worker's last interval is stored; `lost` says why its part is not whole. */
export type WorkerEnd = z.infer<typeof end>;

/** @throws SyntaxError, ZodError */
export const parseWorkerEnd = (text: string): WorkerEnd => end.parse(JSON.parse(text));
