import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { convertScript } from '../../lib/adapters/node/script-file.ts';
import { exitCodes, messageOf, PlimsollError } from '../../lib/errors.ts';
import { counted } from '../../lib/units.ts';
import { describeDifferences } from '../local/differences.ts';
import { callerPath, shownPath } from '../paths.ts';
import { printMessage, printResult } from '../terminal.ts';

interface Options {
  readonly out?: string;
  readonly environment?: string;
  readonly acceptDifferences?: boolean;
}

/** Writes the plan of a script, and says with its lines what the plan says otherwise; the exit code says whether anything is left out. */
export async function convertCommand(path: string, options: Options): Promise<number> {
  const { environment } = options;
  const { text, files, differences } = await convertScript(callerPath(path), { env: process.env, environment });
  for (const line of describeDifferences(path, differences)) printMessage(line);
  if (options.out === undefined) {
    const names = Object.keys(files);
    if (names.length > 0) printMessage(`The plan reads ${names.join(', ')}; --out plan.yaml writes them beside it.`);
    printResult(text);
  } else await write(options.out, text, files);
  const leftOut = differences.filter(({ effect }) => effect === 'left out');
  if (leftOut.length === 0 || options.acceptDifferences === true) return exitCodes.passed;
  printMessage(`${counted(leftOut.length, 'thing')} left out: the plan doesn't do all that the script does.`);
  return exitCodes.differs;
}

async function write(out: string, text: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const path = callerPath(out);
  try {
    await mkdir(dirname(path), { recursive: true });
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(dirname(path), name), bytes);
    await writeFile(path, text);
  } catch (error) {
    throw new PlimsollError('E-OUT', `${shownPath(path)} can't be written: ${messageOf(error)}.`, [], error);
  }
  for (const written of [path, ...Object.keys(files).map((name) => join(dirname(path), name))])
    printMessage(`Written: ${shownPath(written)}`);
}
