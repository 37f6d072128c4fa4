import { describe, expect, test } from '@jest/globals';
import { troubleIn, type LogEvent } from '../../../lib/signals/log-lines.ts';

async function* linesOf(lines: readonly string[]): AsyncGenerator<LogEvent> {
  yield* lines.map((text) => ({ text }));
}
const found = (lines: readonly string[]) => troubleIn(linesOf(lines), (text) => text.replaceAll('hush', '•••'));

describe('lines of a log', () => {
  test.each([
    ['{"level":50,"msg":"broken"}', true], // pino
    ['{"level":30,"msg":"no error at all"}', false],
    ['{"level":"ERROR","message":"broken"}', true], // log4j, zap
    ['{"severity":"INFO","message":"an error page was served"}', true], // without a level its words count
    ['2026-11-30 09:00:01 ERROR [pool] broken', true],
    ['java.lang.NullPointerException: broken', false], // no word by itself: its logger says ERROR before it
    ['Exception in thread "main"', true],
    ['panic: runtime error', true],
    ['FATAL:  too many connections for role "app"', true],
    ['GET /jobs 200 12 ms', false],
    ['{ not json, but an error', true],
    ['', false],
  ])('%s', async (line, isTrouble) => {
    expect(await found([line])).toHaveLength(isTrouble ? 1 : 0);
  });

  test('that differ by numbers are one, the most frequent first, without secrets', async () => {
    const lines = [
      'ERROR disk 1 is full',
      ...Array.from({ length: 5 }, (_, at) => `ERROR no stock for ${at}: hush`),
      'ERROR disk 2 is full',
    ];
    expect(await found(lines)).toEqual([
      { text: 'ERROR no stock for 0: •••', count: 5 },
      { text: 'ERROR disk 1 is full', count: 2 },
    ]);
  });

  test('are twenty at the most, however many there are', async () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    expect(await found(Array.from(letters, (letter) => `error ${letter.repeat(3)}zz`))).toHaveLength(20);
  });
});
