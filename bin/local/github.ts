import { appendFileSync } from 'node:fs';
import type { Annotation } from '../../lib/report/annotations.ts';
import { oneLine } from '../../lib/report/numbers.ts';
import { printMessage } from '../terminal.ts';

/** What a job of GitHub Actions is given; everywhere else nothing is published. */
export interface Published {
  readonly annotations: readonly Annotation[];
  /** Appended to the job's summary. */
  readonly markdown: string;
  /** What later steps of the job may read; values of one line. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Shows a result where the job's readers look: annotations, the job's summary, outputs of the step. The runner names the files in
 * the environment ("Workflow commands for GitHub Actions"). A file that can't be written changes no result.
 */
export function publishToGitHub(
  { annotations, markdown, outputs }: Published,
  env: Readonly<Record<string, string | undefined>> = process.env,
): void {
  if (env['GITHUB_ACTIONS'] !== 'true') return;
  for (const annotation of annotations) printMessage(annotationLine(annotation));
  append(env['GITHUB_STEP_SUMMARY'], `${markdown}\n`);
  append(
    env['GITHUB_OUTPUT'],
    Object.entries(outputs)
      .map(([name, value]) => `${name}=${oneLine(value)}\n`)
      .join(''),
  );
}

function append(path: string | undefined, text: string): void {
  if (path === undefined || path === '') return;
  try {
    appendFileSync(path, text);
  } catch (error) {
    printMessage(`${path} can't be written: ${String(error)}`);
  }
}

/** In a workflow command % and ends of lines are escaped, in a property also the signs that part properties. */
export const annotationLine = ({ level, title, text }: Annotation): string =>
  `::${level} title=${data(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${data(text)}`;

const data = (value: string): string => oneLine(value).replaceAll('%', '%25');
