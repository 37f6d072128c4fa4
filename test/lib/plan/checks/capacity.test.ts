import { describe, expect, test } from '@jest/globals';
import { lowerCapacity } from '../../../../lib/plan/capacity.ts';
import { headsOf, parseText, planOf } from '../sources.ts';

const capacity = (text: string): { top: string } => ({ top: `capacity: ${text}` });

describe('refuses', () => {
  test.each([
    [
      'rates the wrong way round',
      '{ from: 50, max: 20 }',
      /capacity\.max: is 20, below the 50 arrivals\/s that the search begins with/,
    ],
    ['a highest rate below the default beginning', '{ max: 5 }', /capacity\.max: is 5, below the 10 arrivals/],
    [
      'a budget without room for the hold',
      '{ hold: 1m, budget: { time: 80s } }',
      /capacity\.budget\.time: 80s is too little/,
    ],
    [
      'a budget of requests that bracketing spends',
      '{ from: 20, budget: { requests: 599 } }',
      /capacity\.budget\.requests: 599 is too little: coming near the capacity takes 600 even at the 20 arrivals\/s/,
    ],
    [
      'floors of throughput alone',
      '{ objectives: [throughput > 100/s] }',
      /capacity\.objectives: only ask for throughput/,
    ],
    [
      'objectives that no load meets together',
      '{ objectives: [p99 < 100ms, p99 > 200ms] }',
      /capacity\.objectives\[1\]: "p99 > 200ms" and "p99 < 100ms" can't both hold/,
    ],
    [
      'a floor on the limit itself',
      '{ objectives: [errors < 1%, throughput >= 5/s, throughput < 5/s] }',
      /capacity\.objectives\[2\]: .* can't both hold/,
    ],
    [
      'an interval that is no share',
      '{ interval: wide }',
      /capacity\.interval: .*is no share; write a percentage such as 10%/,
    ],
    ['an interval of nothing', '{ interval: 0% }', /capacity\.interval: "0%" must be above 0 % and at most 100 %/],
    ['a key that is none', '{ hodl: 3s }', /capacity\.hodl: no such key here; did you mean hold/],
  ])('%s', async (_, text, says) => {
    const [code, ...heads] = await headsOf(planOf(capacity(text)));
    expect([code, heads.length]).toEqual(['E-PLAN-INVALID', 1]);
    expect(heads[0]).toMatch(says);
  });
});

describe('a plan with capacity', () => {
  test('and phases runs the phases, unless it is asked to search', async () => {
    expect((await parseText(planOf(capacity('{ from: 5 }')))).search).toBeUndefined();
  });

  test('and no phases is a search', async () => {
    const text = 'name: x\ncapacity: { hold: 1m }\nscenarios: [{ name: a, steps: [{ get: / }] }]\n';
    const plan = await parseText(text);
    expect([plan.search, plan.phases, plan.capacity.holdUs]).toEqual([true, [], 60e6]);
  });

  test("has the plan's objectives, where it has none of its own", () => {
    expect(lowerCapacity({}, ['p99 < 1s']).objectives.map(({ text }) => text)).toEqual(['p99 < 1s']);
    expect(lowerCapacity({ objectives: ['errors < 1%'] }, ['p99 < 1s']).objectives.map(({ text }) => text)).toEqual([
      'errors < 1%',
    ]);
  });

  test('that says nothing else begins at 10/s and may take four minutes, of which the hold is half a minute', () => {
    expect(lowerCapacity({}, [])).toMatchObject({
      fromPerSecond: 10,
      budgetUs: 240e6,
      holdUs: 30e6,
      widthRatio: 0.1,
      process: 'poisson',
    });
  });
});
