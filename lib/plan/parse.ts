import { dirname, resolve } from 'node:path';
import { PlimsollError } from '../errors.ts';
import { planChecks } from './checks/index.ts';
import { checkSelectors } from './checks/selectors.ts';
import { asRecord } from './draft.ts';
import { readBodyFiles } from './body-files.ts';
import { withFileTexts } from './file-texts.ts';
import { readFiles } from './feeders.ts';
import { problemsOf } from '../document/issues.ts';
import type { Plan } from './plan.ts';
import { lowerPlan } from './lower.ts';
import { describeAt, describeProblem, type Position, type Problem } from '../document/problems.ts';
import { planSchema } from './schema.ts';
import { asWritten, type WrittenAt } from './written.ts';
import { readYaml } from '../document/yaml-source.ts';

/** All that a plan may learn of the world outside its text. */
export interface PlanSources {
  /** Reads a file that the plan names; paths are resolved against the plan's folder first. */
  readBytes(path: string): Promise<Uint8Array>;
  /** Where a file that the plan names lies; set for plans of a file. */
  pathOf?(file: string): string;
  readonly signalIds: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Of a plan that is only looked at: takes what the environment of a run lacks, such as variables, each with its place as a problem has
   * it. Without it such a plan is not valid.
   */
  readonly onLacking?: ((problem: string) => void) | undefined;
}

/** A plan's text, and the path to show and to resolve its files against. */
export interface PlanText {
  readonly text: string;
  readonly path: string;
}

export const LARGEST_PLAN_BYTES = 1024 * 1024;

/** A plan of more values than this is data, and belongs into a feeder; every check below is linear in it. */
const MOST_VALUES = 100_000;

/** Deeper than any plan; schema and checks recurse once a level. */
const DEEPEST = 100;

/** More problems than these are not mended in one go. */
const MOST_SHOWN = 100;

/**
 * Reads, checks and lowers a plan. Every problem is reported at once, from the file's top to its end, each with line, column,
 * path, remedy and the line itself.
 * @throws PlimsollError E-PLAN-TOO-LARGE; E-PLAN-INVALID with one detail a problem (of several lines)
 */
export async function parsePlan(source: PlanText, sources: PlanSources): Promise<Plan> {
  refuseLarge(source);
  const yaml = readYaml(source.text.replace(/^\uFEFF/, ''), { merge: true });
  const base = dirname(source.path);
  const readBytes = (path: string): Promise<Uint8Array> => sources.readBytes(resolve(base, path));
  const syntax = yaml.problems.map((problem) => ({ problem, at: problem.at }));
  const checked =
    syntax.length > 0
      ? { problems: [] }
      : await checkPlan(yaml.value, { ...sources, readBytes, pathOf: (file) => resolve(base, file) }, yaml.writtenAt);
  const found = [...syntax, ...checked.problems.map((problem) => ({ problem, at: yaml.positionOf(problem) }))];
  const lines = source.text.split(/\r?\n/);
  const describe = ({ problem, at }: (typeof found)[number]): string =>
    describeAt(source.path, lines[at.line - 1] ?? '', problem, at);
  const inOrder = found.toSorted((a, b) => byPosition(a.at, b.at));
  if (checked.plan === undefined) throw invalid(source.path, inOrder, describe);
  for (const each of inOrder) sources.onLacking?.(describe(each));
  return checked.plan;
}

/**
 * The same checks for a plan written in TypeScript; its files are relative to where `readBytes` reads.
 * @throws PlimsollError E-PLAN-INVALID with one detail a problem
 */
export async function planFromObject(input: unknown, sources: PlanSources): Promise<Plan> {
  const checked = await checkPlan(input, sources);
  if (checked.plan === undefined) throw invalid('the plan', checked.problems, describeProblem);
  for (const problem of checked.problems) sources.onLacking?.(describeProblem(problem));
  return checked.plan;
}

function refuseLarge({ text, path }: PlanText): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_PLAN_BYTES)
    throw new PlimsollError(
      'E-PLAN-TOO-LARGE',
      `${path} has ${bytes} bytes; a plan holds ${LARGEST_PLAN_BYTES} at most`,
    );
}

const byPosition = (a: Position, b: Position): number => a.line - b.line || a.column - b.column;

function invalid<Each>(name: string, found: readonly Each[], describe: (each: Each) => string): PlimsollError {
  const more = found.length - MOST_SHOWN;
  const shown = found.slice(0, MOST_SHOWN).map(describe);
  const count = found.length === 1 ? '1 problem' : `${found.length} problems`;
  return new PlimsollError(
    'E-PLAN-INVALID',
    `${name} has ${count}`,
    more > 0 ? [...shown, `… and ${more} more`] : shown,
  );
}

/** There is a plan where all problems are of the environment, and may be. */
interface Checked {
  readonly plan?: Plan;
  readonly problems: readonly Problem[];
}

async function checkPlan(input: unknown, sources: PlanSources, writtenAt?: WrittenAt): Promise<Checked> {
  const size = sizeProblem(input);
  if (size !== undefined) return { problems: [{ path: [], text: size }] };
  const parsed = planSchema.safeParse(input);
  const draft = asRecord(input);
  const { problems: unread, ...files } = await readFiles(draft, (path) => sources.readBytes(path));
  const sent = await readBodyFiles(draft, (path) => sources.readBytes(path));
  const { feeders, cert } = files;
  const context = { signalIds: sources.signalIds, env: sources.env, feeders, cert, writtenAt };
  const problems = [
    ...(parsed.success ? [] : problemsOf(parsed.error.issues, { schema: planSchema, input })),
    ...unread,
    ...sent.problems,
    ...planChecks.flatMap((check) => check(withFileTexts(draft, sent.files), context)),
    ...(await checkSelectors(draft)),
  ];
  const isAllowed = ({ isOfEnvironment }: Problem): boolean =>
    isOfEnvironment === true && sources.onLacking !== undefined;
  if (!parsed.success || !problems.every(isAllowed)) return { problems };
  const written = writtenAt === undefined ? parsed.data : asWritten(parsed.data, writtenAt);
  const pathOf = (file: string): string => sources.pathOf?.(file) ?? file;
  return { plan: lowerPlan(written, { ...files, files: sent.files, pathOf }), problems };
}

/** Why a value is too large or too deep to be checked. It walks with a list, since recursion into a deep value would overflow the stack. */
function sizeProblem(input: unknown): string | undefined {
  const open: (readonly [unknown, number])[] = [[input, 0]];
  for (let count = 1; ; count += 1) {
    const next = open.pop();
    if (next === undefined) return undefined;
    const [value, depth] = next;
    if (depth > DEEPEST) return `is nested more than ${DEEPEST} levels deep`;
    if (count > MOST_VALUES) return `holds more than ${MOST_VALUES} values; move data into CSV feeders`;
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__'))
      return 'holds the key __proto__, which gets lost; write it in a body';
    if (typeof value === 'object' && value !== null)
      for (const item of Object.values(value)) open.push([item, depth + 1]);
  }
}
