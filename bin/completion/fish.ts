import { type CompletableCommand, deeperPaths, type OfferedOption } from './completable.ts';

/** For fish: a line for each word, with the command after which it is offered ("complete", `-n`). */
export function fishCompletion(commands: readonly CompletableCommand[]): string {
  return `# plimsoll in fish: plimsoll completion fish | source
function __plimsoll_at
    set -l at plimsoll
    for word in (commandline -opc)[2..]
        switch "$at $word"
            case ${deeperPaths(commands).map(inFish).join(' ')}
                set at "$at $word"
        end
    end
    test "$at" = "$argv"
end
${commands.flatMap(linesOf).join('\n')}
`;
}

/** In fish's single quotes the backslash keeps its meaning before a quote and before itself. */
const inFish = (text: string): string => `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;

function linesOf(command: CompletableCommand): string[] {
  const at = `complete -c plimsoll -n '__plimsoll_at ${command.path}'`;
  return [
    ...command.commands.map(({ word, description }) => `${at} -f -a ${word} -d ${inFish(description)}`),
    ...command.options.map((option) => `${at} ${flagsOf(option)} -d ${inFish(option.description)}`),
  ];
}

function flagsOf({ long, short, takesValue }: OfferedOption): string {
  const letter = short === undefined ? '' : `-s ${short.slice(1)} `;
  return `${letter}-l ${long.slice(2)}${takesValue ? ' -r' : ''}`;
}
