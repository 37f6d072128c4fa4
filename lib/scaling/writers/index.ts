import { hpa } from './hpa.ts';
import { policyFile } from './policy-file.ts';
import { processPage } from './process-page.ts';
import type { ScalingWriter } from './written.ts';

/** Every kind of file that a policy is written as. */
export const scalingWriters: readonly ScalingWriter[] = [policyFile, hpa, processPage];
