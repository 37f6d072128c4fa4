import { createHash } from 'node:crypto';
import { open, realpath } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { messageOf, PlimsollError } from '../../errors.ts';
import { type Conversion, type Converter, type Script, scriptOf } from '../../converters/converter.ts';
import { converters } from '../../converters/index.ts';
import { planText } from '../../converters/plan-text.ts';
import { parsePlan } from '../../plan/parse.ts';
import type { LoadedPlan, LoadOptions } from './plan-file.ts';
import { encodingOf, packedWith } from '../../importers/reading/decode.ts';

/** A script as the plan that it becomes. */
export interface ConvertedScript extends Pick<Conversion, 'files' | 'differences'> {
  /** As a person calls the kind of script. */
  readonly kind: string;
  readonly text: string;
}

export interface ScriptOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly environment?: string | undefined;
}

/** A HAR of a long session has some tens of megabytes. */
const LARGEST_SCRIPT_BYTES = 64 * 1024 * 1024;

/**
 * Reads a script of another tool, recognised by its content, and makes it a plan's text.
 * @throws PlimsollError E-SCRIPT-UNKNOWN, E-SCRIPT-REFUSED
 */
export async function convertScript(path: string, options: ScriptOptions): Promise<ConvertedScript> {
  const bytes = await readAtMost(path).catch((error: unknown) => {
    throw new PlimsollError('E-SCRIPT-UNKNOWN', `${path} can't be read: ${messageOf(error)}.`, [], error);
  });
  const packed = packedWith(bytes);
  if (packed !== undefined)
    throw new PlimsollError('E-SCRIPT-UNKNOWN', `${path} is packed with ${packed}; unpack it first.`);
  const script = scriptOf(path, new TextDecoder(encodingOf(bytes)).decode(bytes));
  const converter = converterFor(script);
  if (converter === undefined)
    throw new PlimsollError('E-SCRIPT-UNKNOWN', `${path} is no script that can be converted.`);
  const folder = dirname(resolve(path));
  const converted = await converter.convert(script, { ...options, read: (name) => readBeside(folder, name) });
  const origin = { from: `${converter.name} ${basename(path)}`, sha256: sha256Of(bytes) };
  return {
    kind: converter.name,
    text: planText(converted.plan, converted.differences, origin),
    files: converted.files,
    differences: converted.differences,
  };
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const converterFor = (script: Script): Converter | undefined => converters.find((each) => each.recognises(script));

/**
 * Of a file that the script names: it lies below the script's folder or the one where the command was given, links followed, so that no
 * script from elsewhere reads what isn't its own.
 */
async function readBeside(folder: string, name: string): Promise<Uint8Array> {
  const path = await realpath(resolve(folder, name));
  const roots = await Promise.all([realpath(folder), realpath('.')]);
  const isBelow = (root: string): boolean => !/^\.\.|^\//.test(relative(root, path));
  if (!roots.some(isBelow)) throw new Error('it lies outside the folder of the script');
  return readAtMost(path);
}

async function readAtMost(path: string): Promise<Buffer> {
  await using file = await open(path, 'r');
  const stats = await file.stat();
  if (!stats.isFile()) throw new Error(stats.isDirectory() ? 'it is a folder' : 'it is no file');
  if (stats.size > LARGEST_SCRIPT_BYTES)
    throw new Error(`it has ${stats.size} bytes, ${LARGEST_SCRIPT_BYTES} are the most`);
  return await file.readFile();
}

/** A script ready to run: its plan's text, and what that says otherwise. */
export interface LoadedScript extends LoadedPlan, Pick<ConvertedScript, 'kind' | 'differences'> {}

/**
 * Converts a script in memory; its plan goes through the checks of every plan.
 * @throws PlimsollError E-SCRIPT-UNKNOWN, E-SCRIPT-REFUSED, E-PLAN-INVALID
 */
export async function loadScript(path: string, options: ScriptOptions & LoadOptions): Promise<LoadedScript> {
  const { text, files, ...converted } = await convertScript(path, options);
  const readBytes = (name: string): Promise<Uint8Array> => {
    const bytes = files[basename(name)];
    return bytes === undefined ? Promise.reject(new Error('the script has no such file')) : Promise.resolve(bytes);
  };
  const plan = await parsePlan({ text, path }, { ...options, readBytes });
  return { ...converted, plan, text, sha256: sha256Of(Buffer.from(text)) };
}

/** Whether the file is a script, and no plan; of what can't be read the plan's own error speaks. */
export async function isScript(path: string): Promise<boolean> {
  const bytes = await readAtMost(path).catch(() => undefined);
  return (
    bytes !== undefined && converterFor(scriptOf(path, new TextDecoder(encodingOf(bytes)).decode(bytes))) !== undefined
  );
}
