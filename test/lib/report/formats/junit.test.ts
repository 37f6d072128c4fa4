import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { renderJunit } from '../../../../lib/report/formats/junit.ts';
import { anyReport } from '../arbitrary.ts';
import { brokenRun } from '../fixture.ts';
import { emptyRun, hostileRun, partialRun, voidRun } from '../fixture-edges.ts';
import { faultsOf } from './html/markup.ts';

const count = (text: string, what: RegExp): number => [...text.matchAll(what)].length;

describe('junit.xml', () => {
  test.each([brokenRun, emptyRun, partialRun, voidRun, hostileRun].map((run) => [run.name, run] as const))(
    'is well-formed: %s',
    (_, run) => {
      expect(faultsOf(renderJunit(run()))).toEqual([]);
      // XML 1.0 has no place for control characters, not even escaped.
      expect(renderJunit(run()).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    },
  );

  test('counts what it holds, whatever the run', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const text = renderJunit(report);
        expect(faultsOf(text)).toEqual([]);
        const [, tests, failures, skipped] =
          /<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="0" skipped="(\d+)"/.exec(text) ?? [];
        expect(Number(tests)).toBe(count(text, /<testcase /g));
        expect(Number(failures)).toBe(count(text, /<failure /g));
        expect(Number(skipped)).toBe(count(text, /<skipped /g));
        expect(count(text, /<testsuite /g)).toBe(report.summary.phases.length + 1);
      }),
      { numRuns: 40 },
    );
  });

  test('a failed objective tells value and limit', () => {
    expect(renderJunit(brokenRun())).toContain(
      '<failure message="fail: measured 4.35 s, objective p99 &lt; 500ms, fail &gt; 600ms"/>',
    );
  });

  test.each([
    ['no phase ran', emptyRun],
    ['the run broke off', partialRun],
    ['every phase is void', voidRun],
  ])('is never all green when %s', (_, run) => {
    expect(renderJunit(run())).toContain('<failure ');
  });
});
