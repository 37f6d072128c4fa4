import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ExpositionReader, parsePrometheus } from '../../../lib/signals/prometheus/exposition.ts';

const name = fc.constantFrom('a', 'ab', 'requests_total', 'a_bucket');
const labels = fc.constantFrom('', '{x="1"}', '{x="1",y="a b}"}', '{x="\\""}', ' {x="1"}', '{x="1"');
const value = fc.constantFrom('1', '0', '-2.5', '+Inf', '-Inf', 'NaN', '', ' ', '1 1690000000', '0x10', '1e3\r', '\t7');
const line = fc.oneof(
  fc.tuple(name, labels, fc.constantFrom(' ', '\t', '  ', ''), value).map((parts) => parts.join('')),
  fc.constantFrom('# HELP a b', '#', '', ' a 1', '  # a 1', ' '),
  fc.constantFrom('# UNIT a s', '# UNIT a By', '# UNIT ab s', '# UNIT requests_total ms', '# UNIT a'),
  fc.constantFrom('pg_exporter_build_info{instance="1"} 1', 'process_x{instance="1"} 1', 'process_x{instance="2"} 1'),
);
const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));

test('a source that is read again and again is read as if it were new, whatever has changed in between', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), fc.boolean(), (texts, some) => {
      const isWanted = some ? (each: string): boolean => !/^a_bucket(?:[{ \t]|$)/.test(each) : undefined;
      const reader = new ExpositionReader(isWanted);
      for (const each of texts) expect([...reader.read(each)]).toEqual([...parsePrometheus(each, isWanted)]);
    }),
    { numRuns: 1000 },
  );
});

test('keys of one scrape are the strings of the one before', () => {
  const reader = new ExpositionReader();
  const [one, two] = ['a{x="1"} 1\nb 2\n', 'a{x="1"} 3\nb 4\n'].map((each) => reader.read(each));
  expect([...(one ?? []), ...(two ?? [])]).toEqual([
    ['a{x="1"}', 1],
    ['b', 2],
    ['a{x="1"}', 3],
    ['b', 4],
  ]);
});
