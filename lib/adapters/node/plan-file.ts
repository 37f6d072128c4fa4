import { createHash } from 'node:crypto';
import { access, open, readdir, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeOf, messageOf, PlimsollError } from '../../errors.ts';
import { LARGEST_PLAN_BYTES, parsePlan, planFromObject } from '../../plan/parse.ts';
import { asRecord } from '../../plan/draft.ts';
import type { Plan } from '../../plan/plan.ts';
import { nearest } from '../../document/suggest.ts';

export interface LoadedPlan {
  readonly plan: Plan;
  /** Of the file's bytes, hexadecimal. */
  readonly sha256: string;
  /** The file as written, for the report. */
  readonly text: string;
}

export interface LoadOptions {
  readonly signalIds: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** See PlanSources. */
  readonly onLacking?: (problem: string) => void;
}

/** More than any feeder needs; it is held in memory, once for all workers of a machine. */
const LARGEST_DATA_BYTES = 64 * 1024 * 1024;

/** A plan that is written as a module; what its default export holds is the plan. */
const MODULE = /\.[cm]?[jt]s$/;

/**
 * Reads and parses the plan at `path`: YAML, or a module whose default export is one.
 * @throws PlimsollError E-PLAN-MISSING where there is no readable file, E-PLAN-TOO-LARGE before it is read, E-PLAN-INVALID
 */
export async function loadPlan(path: string, options: LoadOptions): Promise<LoadedPlan> {
  const bytes = await readPlanFile(path);
  if (MODULE.test(path)) return await loadModule(path, options);
  const text = decode(bytes);
  if (text === undefined) throw new PlimsollError('E-PLAN-INVALID', `${path} is not UTF-8 text; save it as UTF-8`);
  const plan = withLogsBeside(path, await parsePlan({ text, path }, { ...options, readBytes: readData }));
  await refuseMissing(plan.hooks?.module);
  return { plan, text, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Code is loaded only when it is run, but that it is there can be seen before. */
async function refuseMissing(module: string | undefined): Promise<void> {
  if (module === undefined) return;
  await access(module).catch((error: unknown) => {
    throw new PlimsollError('E-HOOKS', `there is no ${module}, which hooks of the plan name.`, [], error);
  });
}

/** The hash is of what the module made, since two runs of one module may differ. */
async function loadModule(path: string, options: LoadOptions): Promise<LoadedPlan> {
  const text = asData(path, withNamedHooks(await defaultExportOf(path), basename(path)));
  const readBytes = (file: string): Promise<Uint8Array> => readData(resolve(dirname(path), file));
  const pathOf = (file: string): string => resolve(dirname(path), file);
  const plan = withLogsBeside(path, await planFromObject(JSON.parse(text), { ...options, readBytes, pathOf }));
  return { plan, text, sha256: createHash('sha256').update(text).digest('hex') };
}

/** A log file is named from the plan's folder, as every file is. */
function withLogsBeside(path: string, plan: Plan): Plan {
  const { logs } = plan.signals;
  return logs === undefined ? plan : { ...plan, signals: { ...plan.signals, logs: resolve(dirname(path), logs) } };
}

async function defaultExportOf(path: string): Promise<unknown> {
  const module = (await import(pathToFileURL(path).href).catch((error: unknown) => {
    throw new PlimsollError('E-PLAN-INVALID', `${path} fails when it is loaded: ${messageOf(error)}`, [], error);
  })) as Readonly<Record<string, unknown>>;
  if (module['default'] !== undefined) return module['default'];
  throw new PlimsollError('E-PLAN-INVALID', `${path} exports no plan; write export default definePlan({ … })`);
}

/** Functions of a plan's hooks are called by their names, in a thread that loads the module again. */
function withNamedHooks(plan: unknown, file: string): unknown {
  const { hooks } = asRecord(plan);
  if (hooks === undefined) return plan;
  const { functions: _, ...own } = asRecord(hooks);
  const named = Object.entries(own).map(([key, value]) => [key, typeof value === 'function' ? key : value]);
  return { ...asRecord(plan), hooks: { file, ...Object.fromEntries(named) } };
}

/** As JSON: threads, the report and the hash take a plan as data, so a function in it would get lost. */
function asData(path: string, plan: unknown): string {
  const refuse = (key: string, value: unknown): unknown => {
    const lost = lossOf(value);
    if (lost === undefined) return value;
    const place = key === '' ? 'the default export' : key;
    throw new PlimsollError('E-PLAN-INVALID', `${path}: ${place} is ${lost}; a plan holds data only`);
  };
  try {
    return JSON.stringify(plan, refuse, 2);
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    throw new PlimsollError('E-PLAN-INVALID', `${path} exports no data: ${messageOf(error)}`, [], error);
  }
}

/** What JSON would leave out, or make something else of. */
function lossOf(value: unknown): string | undefined {
  if (typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}, which is no number`;
  if (value instanceof Map || value instanceof Set) return `a ${value.constructor.name}`;
  return undefined;
}

async function readPlanFile(path: string): Promise<Buffer> {
  try {
    return await readAtMost(path, LARGEST_PLAN_BYTES);
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    throw new PlimsollError('E-PLAN-MISSING', await whyUnreadable(path, error), [], error);
  }
}

/** The size is asked of the opened file, so that it is the file that is read. */
async function readAtMost(path: string, mostBytes: number): Promise<Buffer> {
  await using file = await open(path, 'r');
  await sizeOf(file, path, mostBytes);
  return await file.readFile();
}

async function sizeOf(file: FileHandle, path: string, mostBytes: number): Promise<number> {
  const stats = await file.stat();
  if (stats.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
  // A pipe or a device may never end; a pipe's size is not known before it is read.
  if (!stats.isFile()) throw new Error('it is no file');
  if (stats.size > mostBytes)
    throw new PlimsollError('E-PLAN-TOO-LARGE', `${path} has ${stats.size} bytes; ${mostBytes} are the most`);
  return stats.size;
}

const decode = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/**
 * A file that the plan names, read into memory that threads share: no copy is made of it. What goes wrong becomes a problem of the
 * plan, at the line that names it.
 */
async function readData(path: string): Promise<Uint8Array> {
  await using file = await open(path, 'r');
  const size = await sizeOf(file, path, LARGEST_DATA_BYTES);
  const bytes = new Uint8Array(new SharedArrayBuffer(size));
  let at = 0;
  for (let read = -1; at < size && read !== 0; at += read) {
    ({ bytesRead: read } = await file.read(bytes, at, size - at, at));
  }
  return bytes.subarray(0, at);
}

async function whyUnreadable(path: string, error: unknown): Promise<string> {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `there is no ${path}${await suggestion(path)}`;
    case 'EISDIR':
      return `${path} is a folder${await suggestion(join(path, 'plan.yaml'))}`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by this user`;
    default:
      return `${path} cannot be read: ${messageOf(error)}`;
  }
}

/** A plan of nearly that name, in the folder asked for or in plans/; else those there are. */
async function suggestion(path: string): Promise<string> {
  const folder = dirname(path);
  const [beside, shipped] = await Promise.all([plansIn(folder), plansIn('plans')]);
  const found = [...new Set([...beside, ...shipped])];
  const byName = new Map(found.map((each) => [withoutEnding(each), each]));
  const near = nearest(withoutEnding(path), byName.keys());
  if (near !== undefined) return `; did you mean ${byName.get(near)}?`;
  return found.length === 0 ? '' : `; there are ${found.join(', ')}`;
}

const withoutEnding = (path: string): string => basename(path).replace(/\.(?:ya?ml|[cm]?[jt]s)$/i, '');

async function plansIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /\.ya?ml$/i.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}
