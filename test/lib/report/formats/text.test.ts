import { stripVTControlCharacters, styleText } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { textSummary, type Paint } from '../../../../lib/report/formats/text.ts';
import { anyReport } from '../arbitrary.ts';
import { brokenRun } from '../fixture.ts';
import { hostileRun, longRun } from '../fixture-edges.ts';

const paint: Paint = (style, text) => styleText(style, text, { validateStream: false });
const table = (text: string): string[] => text.trimEnd().split('\n\n')[1]?.split('\n') ?? [];

describe('text summary', () => {
  test('begins with the verdict and the headline', () => {
    expect(textSummary(brokenRun())).toMatch(/^FAIL {2}Carries 200 arrivals\/s/);
  });

  test('keeps to 80 columns and 12 lines of table, whatever the run', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const text = textSummary(report);
        expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
        expect(table(text).length).toBeLessThanOrEqual(12);
      }),
      { numRuns: 60 },
    );
  });

  test('breaks no line between a number and its unit, and holds plain spaces only', () => {
    for (let pad = 0; pad < 80; pad += 1) {
      const headline = `${'x '.repeat(pad)}of 12.4 ms and 0 % errors in 2 min 30 s`;
      const text = textSummary({ ...brokenRun(), headline });
      expect(text).not.toMatch(/\d\n(?:ms|%|min|s)\b/);
      expect(text).not.toContain('\u{A0}');
    }
  });

  test('says how many phases it leaves out', () => {
    const report = longRun();
    const { phases } = report.summary;
    const many = { ...report, summary: { ...report.summary, phases: [...phases, ...phases] } };
    expect(table(textSummary(many))).toHaveLength(12);
    expect(textSummary(many)).toContain('… 6 earlier phases'); // 16 phases, header and this line leave room for 10
  });

  test('paint changes colour only', () => {
    expect(textSummary(brokenRun(), paint)).not.toBe(textSummary(brokenRun()));
    expect(stripVTControlCharacters(textSummary(brokenRun(), paint))).toBe(textSummary(brokenRun()));
  });

  test('passes no control character on to the terminal', () => {
    expect(textSummary(hostileRun()).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});
