import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readReportAssets } from '../../../../lib/adapters/node/report-assets.ts';
import { renderersWith } from '../../../../lib/report/formats/index.ts';
import type { Report } from '../../../../lib/report/report.ts';
import { textSummary } from '../../../../lib/report/formats/text.ts';
import { anyReport } from '../arbitrary.ts';
import { brokenRun } from '../fixture.ts';
import { emptyRun, hostileRun, longRun, nullRun, onePhase, partialRun, voidRun } from '../fixture-edges.ts';
import { visibleText } from './html/markup.ts';

const renderers = renderersWith(readReportAssets());
const byFormat = Object.fromEntries(renderers.map(({ format, render }) => [format, render]));
const told = ['markdown', 'csv', 'junit'] as const;

const RUNS: readonly (readonly [string, () => Report])[] = [
  ['broken', brokenRun],
  ['empty', emptyRun],
  ['partial', partialRun],
  ['void', voidRun],
  ['null', nullRun],
  ['one phase', onePhase],
  ['long', longRun],
  ['hostile', hostileRun],
];

/** Everything that people read of a report. */
const readable = (report: Report): string =>
  [
    textSummary(report),
    visibleText(byFormat['html']?.(report) ?? ''),
    ...told.map((format) => byFormat[format]?.(report)),
  ].join('\n');

describe('golden files', () => {
  // Written anew only on demand: PLIMSOLL_GOLDEN=write npm test -- test/lib/report
  test.each([
    ['broken-run', 'report.md', brokenRun],
    ['broken-run', 'junit.xml', brokenRun],
    ['broken-run', 'intervals.csv', brokenRun],
    ['void-run', 'report.md', voidRun],
    ['void-run', 'junit.xml', voidRun],
    ['hostile-run', 'report.md', hostileRun],
    ['empty-run', 'report.md', emptyRun],
    ['empty-run', 'junit.xml', emptyRun],
    ['broken-run', 'summary.txt', brokenRun],
  ])('%s: %s', (name, fileName, run) => {
    const render = renderers.find((each) => each.fileName === fileName)?.render ?? textSummary;
    const file = new URL(`../../../golden/report/${name}.${fileName}`, import.meta.url);
    const text = render(run());
    if (process.env['PLIMSOLL_GOLDEN'] === 'write') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});

describe('all renderers', () => {
  test.each(RUNS)('show no missing value as a word of JavaScript: %s', (_, run) => {
    expect(readable(run())).not.toMatch(/\b(undefined|NaN|null|Infinity|\[object)\b/);
  });

  test('show no missing value as a word of JavaScript, whatever the run', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        expect(readable(report)).not.toMatch(/\b(undefined|NaN|null|Infinity|\[object)\b/);
      }),
      { numRuns: 40 },
    );
  });

  test.each(RUNS)('give the same bytes for a report that was kept as JSON: %s', (_, run) => {
    const report = run();
    const kept = JSON.parse(JSON.stringify(report)) as Report;
    for (const { render } of renderers) expect(render(kept)).toBe(render(report));
    expect(textSummary(kept)).toBe(textSummary(report));
  });

  test('page and Markdown say what was asked for in requests, and how many journeys began late', () => {
    const report = onePhase();
    const [phase] = report.summary.phases;
    if (phase === undefined) throw new Error('it has one');
    const requests = { askedPerSecond: 500, sentPerSecond: 498, perJourney: 2.5 };
    const changedPhase = { ...phase, requests, arrivals: { ...phase.arrivals, late: 3 } };
    const changed = { ...report, summary: { ...report.summary, phases: [changedPhase] } };
    for (const text of [visibleText(byFormat['html']?.(changed) ?? ''), byFormat['markdown']?.(changed)]) {
      expect(text).toMatch(/Asked for 500\S*(?: \S+)? requests, sent 498/);
      expect(text).toMatch(/3 of .* journeys began later than their pace/);
    }
  });

  test('have file names of their own', () => {
    expect(new Set(renderers.map(({ fileName }) => fileName)).size).toBe(renderers.length);
  });

  test('summary.json is the summary', () => {
    const report = brokenRun();
    const text = byFormat['json']?.(report) ?? '';
    expect(JSON.parse(text)).toEqual(report.summary);
    expect(text.endsWith('}\n')).toBe(true);
  });
});
