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
