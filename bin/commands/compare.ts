import { realpath } from 'node:fs/promises';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { readReportAssets } from '../../lib/adapters/node/report-assets.ts';
import { readReportText } from '../../lib/adapters/node/run-folder.ts';
import type { ComparedRun } from '../../lib/analysis/compare/comparable.ts';
import { compareRuns, type Comparison } from '../../lib/analysis/compare/compare.ts';
import { codeOf, exitCodes, PlimsollError } from '../../lib/errors.ts';
import { comparisonAnnotations } from '../../lib/report/annotations.ts';
import { comparisonHeadline, comparisonSections } from '../../lib/report/comparison.ts';
import type { RunCourse } from '../../lib/report/courses.ts';
import { comparisonHtml } from '../../lib/report/formats/comparison-html.ts';
import { sectionsMarkdown } from '../../lib/report/formats/markdown.ts';
import { sectionsText } from '../../lib/report/formats/text.ts';
import { isReport } from '../../lib/report/report.ts';
import { comparedRunAt } from '../../lib/run/archive/compared-run.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { publishToGitHub } from '../local/github.ts';
import { wholeRunsIn } from '../local/run-folders.ts';
import { callerPath, shownPath } from '../paths.ts';
import { outputColumns, printResult } from '../terminal.ts';

interface CompareOptions {
  readonly last?: string;
  readonly noise?: string;
  readonly tolerance?: string;
  readonly failOn?: string;
  readonly format?: string;
  readonly json?: boolean;
}

const markdownOf = (comparison: Comparison): string =>
  sectionsMarkdown(comparisonHeadline(comparison), comparisonSections(comparison));

type Folders = Readonly<Record<'baselines' | 'runs' | 'noise', readonly string[]>>;

const formats: Readonly<Record<string, (comparison: Comparison, folders: Folders) => string | Promise<string>>> = {
  text: (comparison) => sectionsText(comparisonHeadline(comparison), comparisonSections(comparison), outputColumns()),
  markdown: markdownOf,
  html: async (comparison, { baselines, runs }) =>
    comparisonHtml(readReportAssets())(comparison, {
      baselines: await coursesOf(baselines),
      runs: await coursesOf(runs),
    }),
  json: (comparison) => JSON.stringify(comparison, null, 2),
};

/** Compares the runs in the last folders with those in the others, and prints what has shifted. */
export async function compareCommand(given: readonly string[], options: CompareOptions): Promise<number> {
  const { failOn, format = 'text' } = options;
  const render = formats[options.json === true ? 'json' : format];
  if (render === undefined)
    throw new PlimsollError('E-USAGE', `"${format}" is no format; there are ${Object.keys(formats).join(', ')}.`);
  if (failOn !== undefined && failOn !== 'worse')
    throw new PlimsollError('E-USAGE', `--fail-on takes worse, and not "${failOn}".`);
  const tolerance = toleranceOf(options.tolerance);
  const folders = await foldersOf(given, options);
  const comparison = compareRuns({
    baselines: await runsIn(folders.baselines),
    runs: await runsIn(folders.runs),
    noise: await runsIn(folders.noise),
    ...(tolerance !== undefined && { tolerance }),
  });
  printResult(await render(comparison, folders));
  publishToGitHub({
    annotations: comparisonAnnotations(comparison),
    markdown: markdownOf(comparison),
    outputs: { comparison: comparison.verdict },
  });
  return failOn === undefined ? exitCodes.passed : exitCodeOf(comparison);
}

/** A folder of repeats stands for the runs in it. What is compared shows the noise already, and would count twice. */
async function foldersOf(given: readonly string[], { last: text, noise }: CompareOptions): Promise<Folders> {
  const last = lastOf(text, given.length);
  const [baselines, runs] = [await runFolders(given.slice(0, -last)), await runFolders(given.slice(-last))];
  await refuseTwice(baselines);
  await refuseTwice(runs);
  const others = noise === undefined ? [] : await runFolders([noise]);
  const compared = new Set(await Promise.all([...baselines, ...runs].map(realPathOf)));
  const paths = await Promise.all(others.map(realPathOf));
  return { baselines, runs, noise: others.filter((_, at) => !compared.has(paths[at] ?? '')) };
}

async function runFolders(given: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of given) found.push(...(await wholeRunsIn(callerPath(folder))));
  return found;
}

async function runsIn(folders: readonly string[]): Promise<readonly ComparedRun[]> {
  const runs: ComparedRun[] = [];
  for (const folder of folders) runs.push(await comparedRunAt(new FolderStore(folder), folderKeys, shownPath(folder)));
  return runs;
}

async function coursesOf(folders: readonly string[]): Promise<readonly RunCourse[]> {
  const courses: RunCourse[] = [];
  for (const folder of folders) {
    const report: unknown = JSON.parse((await readReportText(folder)) ?? 'null');
    if (isReport(report)) courses.push({ name: report.summary.run.id, report });
  }
  return courses;
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
    const path = await realPathOf(folder);
    const other = seen.get(path);
    if (other !== undefined)
      throw new PlimsollError(
        'E-USAGE',
        `${shownPath(other)} and ${shownPath(folder)} are one run; give each run once.`,
      );
    seen.set(path, folder);
  }
}

const realPathOf = (folder: string): Promise<string> =>
  realpath(folder).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new PlimsollError('E-RUN-MISSING', `There is no folder ${shownPath(folder)}.`);
  });
