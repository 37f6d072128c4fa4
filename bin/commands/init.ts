import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { codeOf, exitCodes, messageOf, PlimsollError } from '../../lib/errors.ts';
import { parsePlan } from '../../lib/plan/parse.ts';
import { isLoopback } from '../../lib/run/safety.ts';
import { type FirstAnswers, firstPlan, firstQuestions, otherAnswers, type Question } from '../local/first-plan.ts';
import { callerPath, shownPath, typedName } from '../paths.ts';
import { printMessage, printResult } from '../terminal.ts';

/** Writes a first plan where there is no file yet, and says what to do with it. */
export async function initCommand(plan: string, { url }: { readonly url?: string }): Promise<number> {
  const path = callerPath(plan);
  if (existsSync(path)) throw exists(plan);
  if (url !== undefined) firstQuestions.url.check('--url', url);
  const answers = url === undefined ? await askAll() : otherAnswers(url);
  const text = firstPlan(answers, schemaFrom(dirname(path)));
  await parsePlan({ text, path: plan }, { readBytes: noFile, signalIds: [], env: {} });
  await write(path, plan, text);
  printResult(shownPath(path));
  for (const line of nextSteps(plan, new URL(answers.url))) printMessage(line);
  return exitCodes.passed;
}

const exists = (plan: string): PlimsollError => new PlimsollError('E-INIT-EXISTS', `${plan} is there already.`);

const noFile = async (path: string): Promise<never> => await Promise.reject(new Error(`names no file: ${path}`));

/** A file that came meanwhile is not overwritten either. */
async function write(path: string, plan: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw exists(plan);
    throw new PlimsollError('E-OUT', `${plan} can't be written: ${messageOf(error)}.`, [], error);
  }
}

/** Beside the sources in a checkout, a folder further up in the package. */
const SCHEMAS = ['../../plimsoll.schema.json', '../../../plimsoll.schema.json'];

/** The schema seen from the plan's folder, which an editor completes and checks a plan with; none outside of the project. */
function schemaFrom(folder: string): string | undefined {
  const found = SCHEMAS.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));
  if (found === undefined || relative(callerPath('.'), found).startsWith('..')) return undefined;
  return relative(folder, found);
}

function nextSteps(plan: string, { hostname, origin }: URL): string[] {
  const allow = isLoopback(new URL(origin)) ? '' : `PLIMSOLL_ALLOW=${hostname} `;
  return [
    `Once:  ${allow}${typedName()} try ${plan}`,
    `Run:   ${allow}${typedName()} run ${plan}`,
    ...(allow === ''
      ? []
      : ['Load only what is yours to load: a host other than this machine has to be allowed by name.']),
  ];
}

/** @throws PlimsollError E-INIT-UNASKED without a terminal, E-INTERRUPTED where it closes before the last answer */
async function askAll(): Promise<FirstAnswers> {
  if (!process.stdin.isTTY) throw new PlimsollError('E-INIT-UNASKED', 'There is no terminal to ask at.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = once(terminal, 'close').then(() => {
    throw new PlimsollError('E-INTERRUPTED', 'Nothing was written.');
  });
  closed.catch(() => undefined);
  try {
    return await answersTo(
      async (text) => await Promise.race([terminal.question(text).catch(async () => await closed), closed]),
      printMessage,
    );
  } finally {
    terminal.close();
  }
}

/** Asks every question until it has an answer; an empty one stands for what is in the brackets. */
export async function answersTo(
  ask: (text: string) => Promise<string>,
  say: (sentence: string) => void,
): Promise<FirstAnswers> {
  const answers: Record<keyof FirstAnswers, string> = { ...otherAnswers('') };
  for (const name of Object.keys(answers) as (keyof FirstAnswers)[])
    answers[name] = await answerTo(firstQuestions[name], ask, say);
  return answers;
}

async function answerTo(
  { asks, otherwise, check }: Question,
  ask: (text: string) => Promise<string>,
  say: (sentence: string) => void,
): Promise<string> {
  for (;;) {
    const text = (await ask(`${asks} [${otherwise}] `)).trim() || otherwise;
    try {
      check('That', text);
      return text;
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      say(error.message);
    }
  }
}
