import type { PhaseKind } from '../plan/phase.ts';

/** `void`: the measurement can't be trusted, so it says nothing of the target. `unknown`: nothing was measured. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'unknown' | 'void';

const BY_WEIGHT: readonly Verdict[] = ['pass', 'warn', 'unknown', 'void', 'fail'];

/** The gravest of several verdicts; `unknown` of none, since no evidence is never success. */
export function gravest(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'unknown';
  return verdicts.reduce((worst, each) => (BY_WEIGHT.indexOf(each) > BY_WEIGHT.indexOf(worst) ? each : worst));
}

/** The phases that have a say in the run's verdict: all but warm-up, unless there is nothing else. */
export function phasesThatCount<P extends { readonly kind: PhaseKind }>(phases: readonly P[]): readonly P[] {
  const judged = phases.filter(({ kind }) => kind !== 'warm-up');
  return judged.length === 0 ? phases : judged;
}
