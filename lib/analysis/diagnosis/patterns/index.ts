import { failingSteps } from './failing.ts';
import { fixedWait } from './fixed-wait.ts';
import { hanging } from './hanging.ts';
import type { Outside, Pattern, Recognise } from './pattern.ts';
import { queueing } from './queueing.ts';
import { turnedSlow } from './turned-slow.ts';
import { twoKinds } from './two-kinds.ts';

/** What a run may look like from outside, the plainest first: of those that match only the first counts. */
const recognised: readonly Recognise[] = [failingSteps, fixedWait, twoKinds, turnedSlow, hanging, queueing];

export function patternOf(outside: Outside): Pattern | undefined {
  for (const recognise of recognised) {
    const found = recognise(outside);
    if (found !== undefined) return found;
  }
  return undefined;
}
