import type { Command } from 'commander';

/** A word that a shell offers, and what it says beside it. */
export interface OfferedWord {
  readonly word: string;
  readonly description: string;
}

export interface OfferedOption {
  /** As typed: `--environment`, and `-e` where there is a short form. */
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  /** Whether a value follows it, which a shell then takes for the name of a file. */
  readonly takesValue: boolean;
}

/** A command as shells complete it. */
export interface CompletableCommand {
  /** From the program's name on: `plimsoll cloud start`. */
  readonly path: string;
  readonly commands: readonly OfferedWord[];
  readonly options: readonly OfferedOption[];
}

/** A command and all below it, as its help shows them: hidden ones are not offered. */
export function completableCommands(command: Command, above = ''): readonly CompletableCommand[] {
  const help = command.createHelp();
  const path = `${above}${command.name()}`;
  const below = help.visibleCommands(command);
  const options = help.visibleOptions(command).map((option) => ({
    long: option.long ?? option.flags,
    short: option.short,
    description: option.description,
    takesValue: option.required || option.optional,
  }));
  const commands = below.map((each) => ({ word: each.name(), description: each.description() }));
  return [{ path, commands, options }, ...below.flatMap((each) => completableCommands(each, `${path} `))];
}

/** The paths below the program, each of which a shell knows a step deeper by. */
export const deeperPaths = (commands: readonly CompletableCommand[]): string[] =>
  commands.slice(1).map(({ path }) => path);

/** Every form of the options that a value follows. */
export const valueOptions = ({ options }: CompletableCommand): string[] =>
  options.flatMap(({ long, short, takesValue }) => (takesValue ? [long, ...(short === undefined ? [] : [short])] : []));

/** In single quotes a POSIX shell reads everything as it is, but for the quote. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
