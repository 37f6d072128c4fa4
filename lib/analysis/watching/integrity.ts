import type { Ledger } from '../../measure/ledger.ts';
import type { OnceRecord } from '../../measure/once.ts';
import { httpStepsOf } from '../../plan/steps/index.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { gravest } from '../verdict.ts';

/** A request that was to be answered in a certain way once all load was over. */
export interface IntegrityCheck {
  readonly name: string;
  /** `fail` where a reply came and was not as expected; `unknown` where none came, or one that says it can't answer now. */
  readonly verdict: 'pass' | 'fail' | 'unknown';
  /** The kind of the failure, as a ledger has it. */
  readonly failure?: string;
}

/** Whether the system's data is sound after the load, by the plan's `checks`. */
export interface Integrity {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly checks: readonly IntegrityCheck[];
}

/** By these a service, or what stands before it, says that it can't answer now (RFC 6585 §4, RFC 9110 §15.6.3 to §15.6.5). */
const NOT_NOW: ReadonlySet<string> = new Set([429, 502, 503, 504].map((status) => `status.${status}`));

/** Failures of a reply that was complete, and not as expected. */
const NOT_AS_EXPECTED = /^(?:status\.|expect\.|capture$)/;

/** Undefined where the plan has no checks. */
export function integrity({ plan, checks: record }: AnalysedRun): Integrity | undefined {
  if (plan.checks === undefined) return undefined;
  const names = new Set(httpStepsOf(plan.checks).map(({ name }) => name));
  const checks = [...names].map((name) => checkOf(name, record));
  return { verdict: gravest(checks.map(({ verdict }) => verdict)) as Integrity['verdict'], checks };
}

function checkOf(name: string, record: OnceRecord | undefined): IntegrityCheck {
  const ledger = record?.steps[name];
  const failure = ledger === undefined ? undefined : failureOf(ledger);
  if (failure === undefined) return { name, verdict: (ledger?.ok ?? 0) > 0 ? 'pass' : 'unknown' };
  const isBroken = NOT_AS_EXPECTED.test(failure) && !NOT_NOW.has(failure);
  return { name, verdict: isBroken ? 'fail' : 'unknown', failure };
}

/** Of several the one that says most. */
function failureOf({ failures, timedOut, cut }: Ledger): string | undefined {
  const kinds = Object.keys(failures);
  const first = kinds.find((kind) => NOT_AS_EXPECTED.test(kind) && !NOT_NOW.has(kind)) ?? kinds[0];
  if (first !== undefined) return first;
  return timedOut > 0 ? 'timedOut' : cut > 0 ? 'cut' : undefined;
}
