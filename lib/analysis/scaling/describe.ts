import { type VerifyRuleName, verifyRules, type verifyScaling } from './verify.ts';

/** One line a rule: verdict, name, evidence. */
export const describeVerification = (found: ReturnType<typeof verifyScaling>): string =>
  (Object.keys(verifyRules) as VerifyRuleName[])
    .map((name) => `  ${found[name].verdict.padEnd(8)}${name.padEnd(18)}${found[name].evidence}`)
    .join('\n');
