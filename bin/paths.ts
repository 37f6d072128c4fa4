import { relative, resolve } from 'node:path';

/** `npm run` moves to the project's folder; paths are meant from where the caller stands. */
const base = (process.env['npm_lifecycle_event'] === 'plimsoll' && process.env['INIT_CWD']) || process.cwd();

/** A path as the caller meant it, absolute. */
export const callerPath = (path: string): string => resolve(base, path);

/** A path as the caller would write it. */
export function shownPath(path: string): string {
  const shown = relative(base, path);
  return shown === '' || shown.startsWith('..') ? path : shown;
}

/** What the caller would type to have the command line again: npm says how it was called. */
export function typedName(environment: NodeJS.ProcessEnv = process.env, folder: string = process.cwd()): string {
  const { npm_lifecycle_event: event, npm_package_name: owner, INIT_CWD: caller } = environment;
  if (event === undefined) return 'plimsoll';
  if (owner !== 'plimsoll') return 'npx plimsoll';
  // From another folder npm finds the checkout by a prefix alone, which an alias holds: docs/README.md.
  return caller === folder ? 'npm run -s plimsoll --' : 'plimsoll';
}
