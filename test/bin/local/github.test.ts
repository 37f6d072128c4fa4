import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { annotationLine, publishToGitHub } from '../../../bin/local/github.ts';
import { reportAnnotations } from '../../../lib/report/annotations.ts';
import { renderOpenMetrics } from '../../../lib/report/formats/openmetrics.ts';
import { brokenRun } from '../../lib/report/fixture.ts';
import { emptyRun, hostileRun, nullRun, voidRun } from '../../lib/report/fixture-edges.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-github-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('an annotation is one line, whatever it holds', () => {
  const line = annotationLine({ level: 'error', title: 'a: b, 5 %', text: 'p99 < 5 %\n::set-output name=x::y' });
  expect(line).toBe('::error title=a%3A b%2C 5 %25::p99 < 5 %25 ::set-output name=x::y');
});

test('summary and outputs are appended to the files that the runner names, and nowhere else', () => {
  const [summary, output] = [join(folder, 'summary.md'), join(folder, 'output')];
  const published = { annotations: [], markdown: '## a', outputs: { verdict: 'pass', report: 'runs/1\nverdict=fail' } };
  const files = { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output };
  publishToGitHub(published, files);
  publishToGitHub(published, { ...files, GITHUB_ACTIONS: 'true' });
  publishToGitHub(published, { ...files, GITHUB_ACTIONS: 'true' });
  publishToGitHub(published, { GITHUB_ACTIONS: 'true' });
  expect(readFileSync(summary, 'utf8')).toBe('## a\n## a\n');
  expect(readFileSync(output, 'utf8')).toBe('verdict=pass\nreport=runs/1 verdict=fail\n'.repeat(2));
});

test('what was missed or is void is an error, with what was measured', () => {
  const broken = reportAnnotations(brokenRun());
  expect(broken.length).toBeGreaterThan(1);
  expect(
    broken.slice(1).map(({ text }) => /^(?:fail|warn|unknown): measured .*, objective |^void: /.test(text)),
  ).not.toContain(false);
  const [headline, ...phases] = reportAnnotations(voidRun());
  expect(headline?.level).toBe('error');
  expect(phases.some(({ text }) => text.startsWith('void: '))).toBe(true);
});

/** OpenMetrics 1.0, "ABNF": a name, labels with escaped values, a number. */
const SAMPLE =
  /^[a-z_]+\{plan="(?:[^"\\\n]|\\["\\n])*",phase="(?:[^"\\\n]|\\["\\n])*"(?:,quantile="0\.\d+")?\} -?\d+(?:\.\d+)?(?:e[+-]\d+)?$/;

test.each([
  ['broken', brokenRun],
  ['void', voidRun],
  ['hostile', hostileRun],
  ['null', nullRun],
  ['empty', emptyRun],
])('metrics of a run that is %s are OpenMetrics text', (_, run) => {
  const lines = renderOpenMetrics(run()).split('\n');
  expect(lines.slice(-2)).toEqual(['# EOF', '']);
  const samples = lines.filter((line) => line !== '' && !line.startsWith('# '));
  expect(samples.filter((line) => !SAMPLE.test(line))).toEqual([]);
  const typed = lines.flatMap((line) => /^# TYPE (\w+) gauge$/.exec(line)?.[1] ?? []);
  expect(samples.filter((line) => !typed.some((name) => line.startsWith(`${name}{`)))).toEqual([]);
});
