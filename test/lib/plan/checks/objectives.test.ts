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
    'a step that is not there',
    { phase: "{ name: p, kind: stress, duration: 1s, open: { rate: 1 }, objectives: ['p99 of GET /x < 1s'] }" },
    '8:74 phases[0].objectives[0]: "p99 of GET /x < 1s" names no step or scenario that sends anything; did you mean GET /?',
  ],
  [
    'a window of no whole seconds',
    { top: "objectives: ['p99 over 500ms < 1s']" },
    '2:14 objectives[0]: "p99 over 500ms < 1s" slides over no whole seconds from 1s to 10m; write over 10s',
  ],
  [
    'a window over a signal',
    { top: "objectives: ['service.cpu max over 10s < 80%']" },
    '2:14 objectives[0]: "service.cpu max over 10s < 80%" slides over a signal, which is read once in a while; leave out over',
  ],
  [
    'drops of a step',
    { top: "objectives: ['dropped of a < 1%']" },
    '2:14 objectives[0]: "dropped of a < 1%" asks for drops of some requests, but arrivals are dropped before they send any; leave out of',
  ],
  [
    'a status class above the whole',
    { top: "objectives: ['5xx < 101%']" },
    '2:14 objectives[0]: "5xx < 101%" is about a share of the whole; 100% is the most',
  ],
  [
    'a condition without a time',
    { top: 'abortOn: p99 > 1s' },
    '2:10 abortOn: "p99 > 1s" says not for how long; write for 30s at its end',
  ],
  [
    'a condition for part of a second',
    { top: 'abortOn: [errors > 1% for 0.5s]' },
    '2:11 abortOn[0]: "errors > 1% for 0.5s" is for no whole seconds from 1s to 10m; write for 30s',
  ],
  [
    'a condition that every phase is too short for',
    { top: 'abortOn: p99 > 1s for 30s' },
    '2:10 abortOn: "p99 > 1s for 30s" can end no phase, since none that it is for is longer than 30 s; shorten its time',
  ],
  [
    'a condition on a signal',
    {
      phase:
        '{ name: p, kind: stress, duration: 9s, open: { rate: 1 }, abortOn: [service.cpu > 80% for 3s, p99 of b > 1s for 3s] }',
    },
    '8:71 phases[0].abortOn[0]: "service.cpu > 80% for 3s" names a signal, but only requests can end a phase; write it as an objective with stopOnFail',
    '8:97 phases[0].abortOn[1]: "p99 of b > 1s for 3s" names no step or scenario that sends anything; did you mean a?',
  ],
  [
    'what is no condition',
    { top: 'abortOn: p99 < 500ms, fail > 1s' },
    '2:10 abortOn: "p99 < 500ms, fail > 1s" is no condition to end a phase; write a metric, a limit and for how long, such as "p99 > 2s for 30s"',
  ],
  [
    'an objective of the run that slides',
    { top: 'runObjectives: [p99 over 10s < 1s]' },
    '2:17 runObjectives[0]: "p99 over 10s < 1s" is of the whole run, over which nothing slides; leave out over, or write it below objectives',
  ],
  [
    'an objective of the run on a step that is not there',
    { top: 'runObjectives: [p99 of b < 1s, errors < 0%]' },
    '2:17 runObjectives[0]: "p99 of b < 1s" names no step or scenario that sends anything; did you mean a?',
    '2:32 runObjectives[1]: "errors < 0%" can never be met; write <= instead of <',
  ],
  [
    'drops of a run whose phases are closed',
    {
      top: 'runObjectives: [dropped < 1%]',
      phase: '{ name: p, kind: stress, duration: 1s, closed: { users: 1 } }',
    },
    '2:17 runObjectives[0]: "dropped < 1%" can never be judged: virtual users of a closed phase drop nothing; remove it or write open',
  ],
  [
    'what is no objective of the run',
    { top: 'runObjectives: [p99 > fast]' },
    '2:17 runObjectives[0]: "p99 > fast" is no objective; write a metric and a limit, such as "p99 < 500ms, fail > 600ms"',
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

test.each(refused)('refuses %s', async (_, parts, ...lines) => {
  expect(await headsOf(planOf(parts))).toEqual(['E-PLAN-INVALID', ...lines]);
});

test('refuses objectives of the run where it is a search', async () => {
  const text = "name: a\ncapacity: {}\nrunObjectives: ['p99 < 1s']\nscenarios: [{ name: a, steps: [{ get: / }] }]\n";
  expect(await headsOf(text)).toEqual([
    'E-PLAN-INVALID',
    '3:1 runObjectives: judges nothing, since a search has no phases of its own; write objectives instead',
  ]);
});
