import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { renderersWith } from '../../../lib/report/formats/index.ts';
import { textSummary } from '../../../lib/report/formats/text.ts';
import { reportFrom } from './recorded-report.ts';

/**
 * Ten runs as `plimsoll run` left them in their folders, against one small server: their intervals go through merging, analysis and every
 * format once more, and have to give the same bytes. A change that is meant is written with PLIMSOLL_GOLDEN=write, and read as a diff.
 */
const ROOT = new URL('../../golden/recorded/', import.meta.url);
const RUNS = readdirSync(ROOT);

const renderers = renderersWith({ uplotJs: '', uplotCss: '', pageJs: '', pageCss: '' });

/** Every file that a run's report consists of, by name. */
async function filesOf(name: string): Promise<[name: string, text: string][]> {
  const report = await reportFrom(new URL(`${name}/`, ROOT).pathname);
  return [
    ['report.json', JSON.stringify(report, null, 1)],
    ['summary.txt', textSummary(report)],
    ...renderers.map(({ fileName, render }): [string, string] => [fileName, render(report)]),
  ];
}

describe('recorded runs', () => {
  test('there are ten of them, and together they had every verdict but one that only a busy generator gives', async () => {
    const verdicts = await Promise.all(
      RUNS.map(async (name) => (await reportFrom(new URL(`${name}/`, ROOT).pathname)).summary.verdict),
    );
    expect(RUNS).toHaveLength(10);
    expect([...new Set(verdicts)].toSorted()).toEqual(['fail', 'pass', 'unknown']);
  });

  test.each(RUNS)('%s', async (name) => {
    for (const [file, text] of await filesOf(name)) {
      const expected = new URL(`${name}/expected/${file}`, ROOT);
      if (process.env['PLIMSOLL_GOLDEN'] === 'write') writeFileSync(expected, text);
      expect(text).toBe(readFileSync(expected, 'utf8'));
    }
  });
});
