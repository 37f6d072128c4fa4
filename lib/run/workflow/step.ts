import type { Phase } from '../../plan/phase.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Next } from '../next.ts';
import type { CloudSettings } from './settings.ts';

/** The load of one phase, as the workflow's Map takes it. Everything that becomes an environment variable is text. */
export interface LoadStep {
  readonly do: 'load';
  readonly run: string;
  readonly phase: string;
  /** `index/of`, from 0: each is one task's PLIMSOLL_WORKER. */
  readonly workers: readonly string[];
  /** Longer than any task of the phase can take that is not stuck. */
  readonly loadSeconds: number;
  /** Why the service is to be raised first; goes when that is done. */
  readonly mitigate?: string;
  /** Test data is cleaned first; stands before the first phase alone, where it was asked for. */
  readonly clean?: true;
  /** The collector is started first; stands before the first phase alone, where there is something for it to read. */
  readonly collect?: true;
  /** The plan's setup is sent first; stands before the first phase alone. */
  readonly setUp?: true;
}

/** All phases are over. */
interface ReportStepInput {
  readonly do: 'report';
  readonly run: string;
  readonly mitigate?: string;
  /** The plan has checks or a teardown, which are sent first. */
  readonly sendLast?: true;
}

/** What comes next, handed from state to state: small, since all else is in the store. */
export type WorkflowStep =
  | LoadStep
  | ReportStepInput
  /** Nothing was started: `error` is a code of lib/errors.ts, `cause` says the sentence and the remedy. */
  | { readonly do: 'refuse'; readonly error: string; readonly cause: string };

/** Fetching the image, starting Node, and writing the last words, beside what is waited for on purpose. */
const TASK_OVERHEAD_SECONDS = 180;

/** The step that `next` decided upon, for so many workers. */
export function stepFor(
  run: string,
  workers: number,
  decided: Next,
  settings: Pick<CloudSettings, 'barrierSeconds'>,
): WorkflowStep {
  if (!('phase' in decided)) return { do: 'report', run, ...(hasLast(decided.state.plan) && { sendLast: true }) };
  return {
    do: 'load',
    run,
    phase: String(decided.number),
    workers: Array.from({ length: workers }, (_, index) => `${index}/${workers}`),
    loadSeconds: loadSeconds(decided.state.plan, decided.phase, settings),
  };
}

/** Whether something is sent after the last phase. */
export const hasLast = ({ checks, teardown }: Plan): boolean => checks !== undefined || teardown !== undefined;

const loadSeconds = (
  { timeoutUs }: Plan,
  { durationUs }: Phase,
  { barrierSeconds }: Pick<CloudSettings, 'barrierSeconds'>,
): number => Math.ceil((durationUs + timeoutUs) / 1e6) + barrierSeconds + TASK_OVERHEAD_SECONDS;
