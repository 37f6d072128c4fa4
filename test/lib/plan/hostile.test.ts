import { expect, test } from '@jest/globals';
import { refusalOf } from './sources.ts';

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');
const steps = (text: string): string => `name: x\nscenarios:\n- name: a\n  steps:\n${text}`;

/** Each took seconds, minutes or all memory with a naive reader; jest's own time limit is the only clock here. */
const hostile = [
  ['nesting in brackets', '['.repeat(20_000), 'is nested too deeply'],
  ['nesting in maps', lines(1400, (i) => `${' '.repeat(i)}a:`), 'is nested too deeply'],
  ['nesting that the stack holds', `a: ${'['.repeat(150)}${']'.repeat(150)}`, 'more than 100 levels deep'],
  [
    'aliases that multiply',
    lines(9, (i) =>
      i === 0 ? 'a0: &a0 [x, x, x]' : `a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`,
    ),
    'aliases inside aliases',
  ],
  ['aliases in their thousands', lines(5000, (i) => (i === 0 ? 'a: &a {x: 1}' : `k${i}: *a`)), 'more than 100 aliases'],
  ['an alias of itself', 'a: &a [*a]', 'more than 100 levels deep'],
  ['keys in their thousands', lines(5000, (i) => `k${i}: 1`), 'no such key'],
  ['double keys in their thousands', lines(15_000, () => 'a: 1'), 'stands in this map twice'],
  ['values in their thousands', `steps:\n${lines(110_000, () => '- x')}`, 'more than 100000 values'],
  ['wrong steps in their thousands', steps(lines(5000, () => '  - x')), 'must be a map'],
  ['braces that open templates', steps(`  - get: "/${'{{'.repeat(400_000)}"`), 'is never closed'],
  ['templates in their thousands', steps(`  - get: "/${'{{a}}'.repeat(50_000)}"`), 'a is not known here'],
  [
    'variables in their thousands, all misspelt',
    `variables:\n${lines(5000, (i) => `  v${i}: 1`)}\n${steps(lines(2000, (i) => `  - { get: "/{{ w${i} }}" }`))}`,
    'is not known here',
  ],
  ['captures in their thousands', steps(lines(4000, (i) => `  - { get: /, capture: { c${i}: $.a } }`)), 'needs phases'],
  ['a duration that never ends', `timeout: "${'1h'.repeat(400_000)}x"`, 'is no duration'],
  ['an objective that never ends', `objectives: ["${'a.a-'.repeat(200_000)} <"]`, 'is no objective'],
  ['a tag that never ends', '!'.repeat(1_000_000), 'is no YAML'],
  ['bytes at random', String.fromCharCode(...Array.from({ length: 60_000 }, (_, i) => (i * 7919) % 256)), ''],
  ['NULs', '\0'.repeat(10_000), 'must be a map'],
  ['blanks', ' '.repeat(1_000_000), 'is empty'],
  ['nothing', '', 'is empty'],
  ['a list', '[1, 2]', 'must be a map of keys and values, not a list'],
  ['keys of objects', '__proto__: { a: 1 }\nconstructor: 1\ntoString: 1', '__proto__ can be no key here'],
] as const;

test.each(hostile)('%s end in a refusal', async (_, text, words) => {
  const { code, details } = await refusalOf(text);
  expect(code).toBe('E-PLAN-INVALID');
  expect(details.join('\n')).toContain(words);
  expect(details.length).toBeLessThanOrEqual(101);
  expect(details.join('\n').length).toBeLessThan(60_000);
});

test('ten megabytes are refused unread', async () => {
  expect((await refusalOf('x'.repeat(10 * 1024 * 1024))).code).toBe('E-PLAN-TOO-LARGE');
});
