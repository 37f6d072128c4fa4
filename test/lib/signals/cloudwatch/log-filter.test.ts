import { expect, test } from '@jest/globals';
import { array, assert, asyncProperty, boolean, constantFrom, integer, oneof, string, tuple } from 'fast-check';
import { troubleFilter } from '../../../../lib/signals/cloudwatch/log-filter.ts';
import { GRAVE_LEVELS, TROUBLE_WORDS, troubleIn } from '../../../../lib/signals/log-lines.ts';

const expression = troubleFilter.replaceAll('%', '');
const lets = (line: string): boolean => new RegExp(expression).test(line);

async function isShown(text: string): Promise<boolean> {
  const one = async function* () {
    yield { text };
  };
  return (await troubleIn(one(), (same) => same)).length > 0;
}

/** A word as loggers write it: what may be missing is there or not, and each letter in either case. */
const written = (words: readonly string[]) =>
  tuple(constantFrom(...words), array(boolean(), { minLength: 32, maxLength: 32 })).map(([word, choices]) =>
    word
      .replaceAll(/(.)\?/g, (_, letter: string) => (choices[letter === 'd' ? 30 : 31] ? letter : ''))
      .replaceAll(/[a-z]/g, (letter, at: number) => (choices[at] ? letter.toUpperCase() : letter)),
  );
const level = oneof(integer({ min: 0, max: 120 }), written(GRAVE_LEVELS), constantFrom('info', 'debug'));
const structured = tuple(level, string(), boolean()).map(([own, msg, spaced]) => {
  const line = JSON.stringify({ level: own, msg });
  return spaced ? line.replace('"level":', '"level": ') : line;
});
const plain = tuple(string(), written(TROUBLE_WORDS), string()).map((parts) => parts.join(' '));

test('every line that would be shown is let through', async () => {
  let shown = 0;
  await assert(
    asyncProperty(oneof(structured, plain, string()), async (line) => {
      if (!(await isShown(line))) return;
      shown += 1;
      expect({ line, passes: lets(line) }).toEqual({ line, passes: true });
    }),
    { numRuns: 500 },
  );
  expect(shown).toBeGreaterThan(100);
});

test.each([
  '{"level":30,"time":1700000000000,"msg":"request completed","statusCode":200}',
  '127.0.0.1 - - [30/Nov/2026:09:00:01 +0000] "GET /api/orders?page=2 HTTP/1.1" 200 512',
  'INFO Started Application in 2.31 seconds',
])('a line of a request that is answered is not: %s', (line) => expect(lets(line)).toBe(false));

// CloudWatch Logs API, FilterLogEvents, filterPattern; User Guide, "Supported regular expressions (regex) syntax".
test('is within the length and the characters that are allowed', () => {
  expect(troubleFilter.length).toBeLessThanOrEqual(1024);
  expect(expression).toMatch(/^[A-Za-z\d_#=@/;,\-^$?[\]{}|\\*+.]+$/);
});
