import { describe, expect, test } from '@jest/globals';
import { LARGEST_PLAN_BYTES, planFromObject } from '../../../lib/plan/parse.ts';
import { sources, headsOf, parseText, planOf, refusalOf } from './sources.ts';

describe('a plan that is sound', () => {
  test('is lowered', async () => {
    const plan = await parseText(planOf({}));
    expect(plan.phases[0]?.segments).toEqual([{ durationUs: 1e6, from: 1, to: 1 }]);
  });

  test('may be JSON, may begin with a byte order mark, and may end its lines as Windows does', async () => {
    const plan = await parseText(planOf({}));
    const json = `{ "name": "x", "seed": 1, "scenarios": [{ "name": "a", "steps": [{ "get": "/" }] }],
      "phases": [{ "name": "p", "kind": "stress", "duration": "1s", "open": { "rate": 1 } }] }`;
    expect(await parseText(json)).toEqual(plan);
    expect(await parseText(`\uFEFF${planOf({})}`)).toEqual(plan);
    expect(await parseText(planOf({}).replaceAll('\n', '\r\n'))).toEqual(plan);
  });

  test('is the same from TypeScript', async () => {
    const input = {
      name: 'x',
      seed: 1,
      scenarios: [{ name: 'a', steps: [{ get: '/' }] }],
      phases: [{ name: 'p', kind: 'stress', duration: '1s', open: { rate: 1 } }],
    };
    expect(await planFromObject(input, sources)).toEqual(await parseText(planOf({})));
  });
});

describe('a plan with problems', () => {
  const text = planOf({
    top: 'timeout: 5 minutes',
    step: '{ gett: "/{{ id }}" }',
    phase: '{ name: p, kind: stres, duration: 1s, open: { rate: 1 }, objectives: [service.cpuu < 80%] }',
  });

  test('lists all of them at once, of schema and meaning, from the top of the file to its end', async () => {
    expect(await headsOf(text)).toEqual([
      'E-PLAN-INVALID',
      '2:10 timeout: "5 minutes" is no duration; write a number and us, ms, s, m, h or d, such as 30s or 1h30m',
      '6:7 scenarios[0].steps[0].gett: no such key here; did you mean get?',
      '8:20 phases[0].kind: "stres" is none of warm-up, sustained, stress or recovery; did you mean stress?',
      '8:73 phases[0].objectives[0]: "service.cpuu < 80%" names no signal; did you mean service.cpu?',
    ]);
  });

  test('says how many there are, and shows each line with a caret', async () => {
    const { message, details } = await refusalOf(text);
    expect(message).toBe('/plans/x.yaml has 4 problems');
    expect(details[0]?.split('\n').slice(1)).toEqual(['  2 | timeout: 5 minutes', '    |          ^']);
  });

  test('is shown the part of a long line that is meant, and no control character', async () => {
    const { details } = await refusalOf(planOf({ top: `description: "${'x'.repeat(300)}\\e[2J"\ntimeout: "\u001B1"` }));
    expect(details[0]).toBe(
      [
        '/plans/x.yaml:3:10 timeout: "\\u001b1" is no duration; write a number and us, ms, s, m, h or d, such as 30s or 1h30m',
        '  3 | timeout: " 1"',
        '    |          ^',
      ].join('\n'),
    );
    const wide = await refusalOf(planOf({ top: `tls: { ca: "${'x'.repeat(300)}", colour: 1 }` }));
    const [, line = '', caret = ''] = wide.details.at(-1)?.split('\n') ?? [];
    expect(line).toHaveLength('  2 | …'.length + 60 + 'colour: 1 }'.length);
    expect(line.slice(caret.indexOf('^'))).toBe('colour: 1 }');
  });

  test('has no place in a text when it comes from TypeScript', async () => {
    await expect(planFromObject({ name: 'x', scenarios: [], phases: [] }, sources)).rejects.toMatchObject({
      code: 'E-PLAN-INVALID',
      message: 'the plan has 2 problems',
      details: ['scenarios: is an empty list; it needs at least 1', 'phases: is an empty list; it needs at least 1'],
    });
  });

  test('is shown a hundred of them at most', async () => {
    const { message, details } = await refusalOf(
      `name: x\n${Array.from({ length: 150 }, (_, i) => `k${i}: 1`).join('\n')}`,
    );
    // 150 unknown keys, and scenarios and phases missing
    expect(message).toBe('/plans/x.yaml has 152 problems');
    expect(details).toHaveLength(101);
    expect(details.at(-1)).toBe('… and 52 more');
  });
});

test('a text above 1 MiB is refused before it is read', async () => {
  const { code, message } = await refusalOf(`{{{${'é'.repeat(LARGEST_PLAN_BYTES / 2)}`);
  expect(code).toBe('E-PLAN-TOO-LARGE');
  expect(message).toBe('/plans/x.yaml has 1048579 bytes; a plan holds 1048576 at most');
});
