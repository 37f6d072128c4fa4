import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Report } from '../../../../lib/report/report.ts';
import { sectionsOf } from '../../../../lib/report/sections/index.ts';
import type { Block, Table } from '../../../../lib/report/sections/section.ts';
import { withoutDetails } from '../../../../lib/report/sections/without-details.ts';
import { anyReport } from '../arbitrary.ts';
import { brokenRun } from '../fixture.ts';

const tablesIn = (blocks: readonly Block[]): readonly Table[] =>
  blocks.flatMap((block) => {
    if (block.block === 'table') return [block];
    return block.block === 'groups' ? block.groups.map(({ table }) => table) : [];
  });
const tablesOf = (report: Report, sections = sectionsOf(report)): readonly Table[] =>
  sections.flatMap(({ blocks }) => tablesIn(blocks));

describe('sections', () => {
  test('are plain data, so that they could be stored and drawn later', () => {
    const sections = sectionsOf(brokenRun());
    expect(JSON.parse(JSON.stringify(sections))).toEqual(sections);
  });

  test('have ids of their own, and something to show', () => {
    const sections = sectionsOf(brokenRun());
    expect(new Set(sections.map(({ id }) => id)).size).toBe(sections.length);
    expect(sections.filter(({ blocks }) => blocks.length === 0)).toEqual([]);
  });

  test('have a cell for each column, whatever the run and however much is left out', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const tables = [...tablesOf(report), ...tablesOf(report, withoutDetails(sectionsOf(report)))];
        for (const { columns, rows } of tables)
          expect(rows.filter(({ cells }) => cells.length !== columns.length)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('align figures, and nothing else, to the right', () => {
    for (const { columns, rows } of tablesOf(brokenRun())) {
      for (const { cells } of rows)
        expect(cells.map(({ as }) => as === 'figure')).toEqual(columns.map(({ align }) => align === 'right'));
    }
  });

  test('lose their details where there is less room', () => {
    const report = brokenRun();
    const ids = withoutDetails(sectionsOf(report)).map(({ id }) => id);
    expect(ids).not.toContain('glossary');
    const titles = tablesOf(report, withoutDetails(sectionsOf(report))).flatMap(({ columns }) =>
      columns.map(({ title }) => title),
    );
    expect(titles).not.toContain('Max');
    expect(titles).toContain('Timed out');
  });
});
