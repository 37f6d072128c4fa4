import { realpath } from 'node:fs/promises';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { compareRuns, type Comparison } from '../../lib/analysis/compare/compare.ts';
import { codeOf, exitCodes, PlimsollError } from '../../lib/errors.ts';
import { comparisonAnnotations } from '../../lib/report/annotations.ts';
import { comparisonHeadline, comparisonSections } from '../../lib/report/comparison.ts';
import { sectionsMarkdown } from '../../lib/report/formats/markdown.ts';
import { sectionsText } from '../../lib/report/formats/text.ts';
import { comparedRunAt } from '../../lib/run/archive/compared-run.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { publishToGitHub } from '../local/github.ts';
import { callerPath } from '../paths.ts';
import { printResult } from '../terminal.ts';

interface CompareOptions {
  readonly last?: string;
  readonly tolerance?: string;
  readonly failOn?: string;
  readonly format?: string;
  readonly json?: boolean;
}

const markdownOf = (comparison: Comparison): string =>
  sectionsMarkdown(comparisonHeadline(comparison), comparisonSections(comparison));

const formats: Readonly<Record<string, (comparison: Comparison) => string>> = {
  text: (comparison) => sectionsText(comparisonHeadline(comparison), comparisonSections(comparison)),
  markdown: markdownOf,
  json: (comparison) => JSON.stringify(comparison, null, 2),
};

/** Compares the runs in the last folders with those in the others, and prints what has shifted. */
export async function compareCommand(folders: readonly string[], options: CompareOptions): Promise<number> {
  const { failOn, format = 'text' } = options;
  const render = formats[options.json === true ? 'json' : format];
  if (render === undefined)
    throw new PlimsollError('E-USAGE', `"${format}" is no format; there are ${Object.keys(formats).join(', ')}.`);
  if (failOn !== undefined && failOn !== 'worse')
    throw new PlimsollError('E-USAGE', `--fail-on takes worse, and not "${failOn}".`);
  const tolerance = toleranceOf(options.tolerance);
  const last = lastOf(options.last, folders.length);
  await refuseTwice(folders.slice(0, -last));
  await refuseTwice(folders.slice(-last));
  const runs = [];
  for (const folder of folders) runs.push(await comparedRunAt(new FolderStore(callerPath(folder)), folderKeys, folder));
  const comparison = compareRuns({
    baselines: runs.slice(0, -last),
    runs: runs.slice(-last),
    ...(tolerance !== undefined && { tolerance }),
  });
  printResult(render(comparison));
  publishToGitHub({
    annotations: comparisonAnnotations(comparison),
    markdown: markdownOf(comparison),
    outputs: { comparison: comparison.verdict },
  });
  return failOn === undefined ? exitCodes.passed : exitCodeOf(comparison);
}

/** What could not be judged has not passed. */
function exitCodeOf({ verdict, isNoiseKnown, phases }: Comparison): number {
  if (verdict === 'worse') return exitCodes.worse;
  const isJudged = isNoiseKnown && phases.some(({ refusals }) => refusals.length === 0);
  return isJudged ? exitCodes.passed : exitCodes.unknown;
}

function toleranceOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  if (percent === undefined || Number(percent) > 1000)
    throw new PlimsollError('E-USAGE', `--tolerance takes a percentage such as 5%, and not "${text}".`);
  return Number(percent) / 100;
}

function lastOf(text: string | undefined, folders: number): number {
  if (folders < 2)
    throw new PlimsollError('E-USAGE', 'A comparison needs a baseline and a run: plimsoll compare BASELINE RUN.');
  const last = Number(text ?? 1);
  if (!Number.isInteger(last) || last < 1 || last >= folders)
    throw new PlimsollError(
      'E-USAGE',
      `--last takes a number from 1 to ${folders - 1}, since one folder must be a baseline.`,
    );
  return last;
}

/** A run that is given twice would seem to repeat without any noise. */
async function refuseTwice(folders: readonly string[]): Promise<void> {
  const seen = new Map<string, string>();
  for (const folder of folders) {
    const path = await realpath(callerPath(folder)).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') throw new PlimsollError('E-RUN-MISSING', `There is no folder ${folder}.`);
      throw error;
    });
    const other = seen.get(path);
    if (other !== undefined)
      throw new PlimsollError('E-USAGE', `${other} and ${folder} are one run; give each run once.`);
    seen.set(path, folder);
  }
}
