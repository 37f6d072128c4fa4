import type { Draft } from '../draft.ts';
import type { Feeder } from '../plan.ts';
import type { WrittenAt } from '../written.ts';
import type { Problem } from '../../document/problems.ts';

/** What checks may know beside the draft itself. */
export interface CheckContext {
  readonly signalIds: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Those that could be read. */
  readonly feeders: readonly Feeder[];
  /** Of the client, as PEM text, where the plan names one that could be read. */
  readonly cert?: string | undefined;
  /** Undefined of a plan written in TypeScript. */
  readonly writtenAt: WrittenAt | undefined;
}

/** One kind of problem that no schema can see. Drafts may be wrong in any other way too: a check is silent there. */
export type PlanCheck = (draft: Draft, context: CheckContext) => readonly Problem[];
