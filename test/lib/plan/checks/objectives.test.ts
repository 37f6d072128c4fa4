import { expect, test } from '@jest/globals';
import { headsOf, planOf } from '../sources.ts';

/** What is wrong, the plan around it, and the line that is printed: place, path, problem, remedy. */
const refused = [
  [
    'a signal that is not measured',
    { phase: "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['service.cpus p99 < 80%'] }" },
    '8:74 phases[0].objectives[0]: "service.cpus p99 < 80%" names no signal; did you mean service.cpu?',
  ],
  [
    'a fail limit inside the target',
    { phase: "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['p99 < 500ms, fail > 400ms'] }" },
    '8:74 phases[0].objectives[0]: "p99 < 500ms, fail > 400ms" fails where its target is still met; move the fail limit beyond it',
  ],
  [
    'a fail limit the wrong way round',
    { phase: "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['p99 < 500ms, fail < 600ms'] }" },
    '8:74 phases[0].objectives[0]: "p99 < 500ms, fail < 600ms" warns or fails on the good side; turn < round',
  ],
  [
    'a warn limit beyond the fail limit',
    {
      phase:
        "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['p99 < 500ms, warn > 700ms, fail > 600ms'] }",
    },
    '8:74 phases[0].objectives[0]: "p99 < 500ms, warn > 700ms, fail > 600ms" never warns, since it fails first; swap the limits',
  ],
  [
    'a share above the whole',
    { phase: "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['errors < 200%'] }" },
    '8:74 phases[0].objectives[0]: "errors < 200%" is about a share of the whole; 100% is the most',
  ],
  [
    'a target that none can meet',
    { phase: "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['errors < 0%'] }" },
    '8:74 phases[0].objectives[0]: "errors < 0%" can never be met; write <= instead of <',
  ],
  [
    'drops of a closed phase',
    { phase: "{ name: p, kind: stress, duration: 1s, closed: { users: 1 }, objectives: ['dropped < 1%'] }" },
    '8:77 phases[0].objectives[0]: "dropped < 1%" can never be judged: virtual users of a closed phase drop nothing; remove it or write open',
  ],
  [
    'objectives that judge nothing',
    {
      top: 'objectives: [p99 < 1s]',
      phase: "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['p99 < 1s'] }",
    },
    '2:1 objectives: judges nothing, since every phase but warm-up has objectives of its own; remove it or theirs',
  ],
  [
    'a profile that judges nothing',
    {
      top: 'profile: lab',
      phase: "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['p99 < 1s'] }",
    },
    '2:1 profile: judges nothing, since every phase but warm-up has objectives of its own; remove it or theirs',
  ],
] as const;

test.each(refused)('refuses %s', async (_, parts, line) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', line]);
});
