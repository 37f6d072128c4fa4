import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readReportAssets } from '../../../../lib/adapters/node/report-assets.ts';
import { htmlRenderer } from '../../../../lib/report/formats/html.ts';
import { anyReport } from '../arbitrary.ts';
import { brokenRun } from '../fixture.ts';
import {
  emptyRun,
  GENERATOR_BUSY,
  HOSTILE,
  hostileRun,
  longRun,
  nullRun,
  onePhase,
  partialRun,
  voidRun,
} from '../fixture-edges.ts';
import { attributeNames, faultsOf, tableCells, visibleText } from './html/markup.ts';

const render = htmlRenderer(readReportAssets());
const RUNS = [brokenRun, emptyRun, partialRun, voidRun, nullRun, onePhase, longRun, hostileRun];

/** A figure with its unit, or the dash; a bare count only below a header that says of what. */
const WITH_UNIT = /^(–|(< )?-?[\d.,]+ ?(µs|ms|s|%|\/s)|\d+ (min|h|s)( \d+ (min|s))?)$/;

describe('report.html', () => {
  test.each(RUNS.map((run) => [run.name, run] as const))('is balanced markup: %s', (_, run) => {
    expect(faultsOf(render(run()))).toEqual([]);
  });

  test('is balanced markup, and every figure in it has a unit, whatever the run', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const page = render(report);
        expect(faultsOf(page)).toEqual([]);
        const bare = tableCells(page).filter(
          ({ isNumber, header, text }) => isNumber && !/\(\w+\)/.test(header) && !WITH_UNIT.test(text),
        );
        expect(bare).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('names nothing to load: no address in an attribute, no import, no url()', () => {
    const page = render(brokenRun()).replaceAll('http://www.w3.org/2000/svg', '');
    expect([...page.matchAll(/\s(?:src|href|action)="(?!#|data:)[^"]*"/g)]).toEqual([]);
    expect(page).not.toMatch(/@import|url\(|\bfetch\(|XMLHttpRequest|WebSocket/);
  });

  test('has no inline handler, even where a step is named like one', () => {
    expect(attributeNames(render(hostileRun())).filter((name) => name.startsWith('on'))).toEqual([]);
  });

  test('holds hostile names as text, and as data that cannot end the script', () => {
    const page = render(hostileRun());
    const data = /<script type="application\/json" id="chart-data">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
    expect(data).not.toContain('<');
    expect((JSON.parse(data) as { frame: { bands: { name: string }[] } }).frame.bands[0]?.name).toBe(
      `warm-up${HOSTILE}`,
    );
    expect(visibleText(page)).toContain('</script><img src=x onerror=alert(1)>-->');
  });

  test('says why a phase is void, and that a run broke off', () => {
    expect(visibleText(render(voidRun()))).toContain(`Void: ${GENERATOR_BUSY}`);
    expect(visibleText(render(partialRun()))).toContain('partial run');
    expect(visibleText(render(emptyRun()))).toContain('No phase ran');
  });

  test('stays small: 250 kB for a minute and a half, 0.8 MB for the longest run', () => {
    expect(render(brokenRun()).length).toBeLessThan(250_000);
    expect(render(longRun()).length).toBeLessThan(800_000);
  });
});
