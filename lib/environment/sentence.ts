import type { Problem } from '../document/problems.ts';

/** A problem where there is one. */
export const say = (isWrong: boolean, path: Problem['path'], text: string): Problem[] =>
  isWrong ? [{ path, text }] : [];
