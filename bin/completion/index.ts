import { bashCompletion } from './bash.ts';
import type { CompletableCommand } from './completable.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

/** What makes a shell complete commands and options: its script, by the shell's name. A new shell is a file and its line here. */
export const completions: Readonly<Record<string, (commands: readonly CompletableCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};
