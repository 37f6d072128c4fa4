import type { StepEnd, TeamFolder } from './team-folder.ts';

/** A `sh` step of a declarative pipeline, and the stage it is in. */
export interface JenkinsStep {
  readonly stage: string;
  readonly script: string;
}

/**
 * The steps of a Jenkinsfile that a shell runs, in their order. Of Groovy it knows what such a file is written in: single and triple
 * single quotes, in which nothing is filled in and no backslash stands.
 */
export function shellSteps(text: string): readonly JenkinsStep[] {
  const code = text.replaceAll(/^\s*\/\/.*$/gm, '');
  let stage = '';
  const steps: JenkinsStep[] = [];
  for (const [, name, long, short] of code.matchAll(/\bstage\('([^']+)'\)|\bsh '''(.*?)'''|\bsh '([^'\n]*)'/gs)) {
    if (name !== undefined) stage = name;
    else steps.push({ stage, script: long ?? short ?? '' });
  }
  return steps;
}

/** The variables that a pipeline sets to plain text, for all its stages. */
export const environmentOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    Array.from(
      (/^ {2}environment \{\n(.*?)^ {2}\}/ms.exec(text)?.[1] ?? '').matchAll(/^\s*(\w+) = '([^']*)'$/gm),
      ([, name = '', value = '']) => [name, value],
    ),
  );

/** Runs the shell steps of one stage until one fails, as Jenkins does: `sh -xe` (plugin "Pipeline: Nodes and Processes"). */
export async function runStage(
  folder: TeamFolder,
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<StepEnd> {
  const text = folder.read('Jenkinsfile');
  const steps = shellSteps(text).filter(({ stage }) => stage === name);
  let end: StepEnd = { code: null, said: `there is no stage ${name}` };
  for (const { script } of steps) {
    folder.write('step.sh', script);
    end = await folder.run(['sh', '-xe', 'step.sh'], { ...environmentOf(text), ...env }, 'node_modules/.bin');
    if (end.code !== 0) break;
  }
  return end;
}
