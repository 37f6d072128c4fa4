import { join } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { messageOf, PlimsollError } from '../../lib/errors.ts';
import { peers } from './peers/index.ts';
import { findCommand, outputOf } from './processes.ts';
import type { Peer } from './peers/peer.ts';
import type { Found } from './runner.ts';

export interface Options {
  readonly quick: boolean;
  readonly out: string;
  readonly only: readonly string[];
  readonly parts: readonly string[];
}

/** `parts` are the parts of the programme, of which `--part` may name some. */
export function optionsFrom(args: readonly string[], program: string, parts: readonly string[]): Options {
  const values = valuesIn(args, program, parts);
  const unknown = values.part.filter((part) => !parts.includes(part));
  if (unknown.length > 0) throw usage(`--part takes ${parts.join(', ')}, not ${unknown.join(', ')}.`, program, parts);
  const date = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return {
    quick: values.quick,
    out: values.out ?? join('runs', `${program.replace(':', '-')}-${date}`),
    only: values.only.map((name) => name.toLowerCase()),
    parts: values.part.length === 0 ? parts : values.part,
  };
}

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  out: { type: 'string' },
  only: { type: 'string', multiple: true, default: [] },
  part: { type: 'string', multiple: true, default: [] },
} as const satisfies ParseArgsOptionsConfig;

function valuesIn(args: readonly string[], program: string, parts: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw usage(messageOf(error), program, parts);
  }
}

const usage = (sentence: string, program: string, parts: readonly string[]): PlimsollError =>
  new PlimsollError('E-USAGE', sentence, [
    `npm run ${program} -- [--quick] [--out FOLDER] [--only TOOL]... [--part PART]...`,
    `  tools: ${peers.map(({ name }) => name.toLowerCase()).join(', ')}`,
    `  parts: ${parts.join(', ')}`,
  ]);

/** The peers that are installed, with their versions, and those that are not. Plimsoll is always among the first. */
export async function findPeers(only: readonly string[]): Promise<{ found: Found[]; missing: Peer[] }> {
  const found: Found[] = [];
  const missing: Peer[] = [];
  for (const peer of peers) {
    if (only.length > 0 && peer.name !== 'Plimsoll' && !only.includes(peer.name.toLowerCase())) continue;
    const path = peer.command.includes('/') ? peer.command : findCommand(peer.command);
    if (path === undefined) missing.push(peer);
    else found.push({ peer, path, version: versionIn(await versionText(peer, path)) });
  }
  return { found, missing };
}

/** hey has no way to say its version. */
const versionText = async ({ versionArgs }: Peer, path: string): Promise<string> =>
  versionArgs.length === 0 ? '' : await outputOf(path, versionArgs);

/** The first thing that looks like a version. */
export const versionIn = (text: string): string =>
  /\d+\.\d+(?:\.\d+)*(?:-[\w.+]+)?/.exec(text)?.[0] ?? 'version unknown';
