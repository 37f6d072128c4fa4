import { breakingPoint } from './breaking-point.ts';
import { bottleneck } from './first-to-give-way.ts';
import { recovery } from './recovery.ts';

/**
 * What is concluded of a whole run, in the order in which summary.json has it. A finding is a function of the analysed run, or
 * undefined where there is nothing to conclude; a new one is a file and its line here.
 */
export const runFindings = { breakingPoint, recovery, bottleneck } as const;
