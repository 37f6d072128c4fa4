import { basename } from 'node:path';
import type { PhasePlace } from '../../lib/adapters/node/interval-files.ts';
import { PlimsollError } from '../../lib/errors.ts';
import { asPhase, stepCount } from '../../lib/importers/building/phases.ts';
import { importedRun } from '../../lib/importers/building/run.ts';
import { phaseKinds, type PhaseKind } from '../../lib/plan/phase.ts';
import type { PhaseFromFile, PhasesFromFiles } from './imported-run.ts';
import { readInto } from './read-result.ts';

/** A file that is to be a phase of this kind. */
interface NamedPhase {
  readonly kind: PhaseKind;
  readonly path: string;
}

type NamedPhases = readonly [NamedPhase, ...NamedPhase[]];

/** `stress=k6.json`; a file whose own name has a "=" is given as `./a=b.json`. */
const NAMED = /^([\w-]+)=(.*)$/s;

/** Files named as phases, in the order of a run; undefined where none is. @throws PlimsollError E-USAGE */
export function namedPhases(args: readonly string[]): NamedPhases | undefined {
  const pairs = args.map((arg) => [arg, NAMED.exec(arg)] as const);
  if (pairs.every(([, match]) => match === null)) return undefined;
  const named = pairs.map(([arg, match]) => namedPhase(arg, match?.[1], match?.[2]));
  const [first, ...others] = phaseKinds.flatMap((kind) => {
    const own = named.filter((each) => each.kind === kind);
    if (own.length > 1)
      throw new PlimsollError('E-USAGE', `${kind} is given ${own.length} times; a run has one file a phase.`);
    return own;
  });
  return first && [first, ...others];
}

function namedPhase(arg: string, name: string | undefined, path = ''): NamedPhase {
  if (name === undefined)
    throw new PlimsollError(
      'E-USAGE',
      `${arg} has no phase; where one file has a name, as in stress=${arg}, each needs one.`,
    );
  const kind = phaseKinds.find((each) => each === name);
  if (kind === undefined)
    throw new PlimsollError(
      'E-USAGE',
      `"${name}" is no phase; there are ${phaseKinds.join(', ')}. A file that is called so is given as ./${arg}.`,
    );
  if (path === '') throw new PlimsollError('E-USAGE', `${arg} names no file.`);
  return { kind, path };
}

/** Reads each file as a phase of the run in this folder. @throws PlimsollError E-IMPORT-… */
export async function readPhases([first, ...others]: NamedPhases, folder: string): Promise<PhasesFromFiles> {
  const phases: [PhaseFromFile, ...PhaseFromFile[]] = [await readPhase(first, folder, { number: 0, firstStep: 0 })];
  for (const [at, named] of others.entries()) {
    const firstStep = phases.reduce((sum, { run }) => sum + stepCount(run), 0);
    phases.push(await readPhase(named, folder, { number: at + 1, firstStep }));
  }
  return phases;
}

async function readPhase({ kind, path }: NamedPhase, folder: string, place: PhasePlace): Promise<PhaseFromFile> {
  const { imported, collected, bytes, sha256 } = await readInto(path, folder, place);
  if (imported.onlyFailures === true)
    throw new PlimsollError('E-IMPORT-DAMAGED', `${path}: It holds failures alone, and makes no phase.`);
  const run = importedRun(imported, collected, basename(path));
  return {
    run: asPhase(run, kind, place.firstStep),
    target: imported.target,
    streams: collected.streams,
    files: [{ name: basename(path), bytes, sha256 }],
  };
}
