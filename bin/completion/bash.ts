import { type CompletableCommand, deeperPaths, quoted, valueOptions } from './completable.ts';

/**
 * For bash from 3.2 on, which macOS has: no associative arrays. Where nothing is offered, bash completes file names ("Programmable
 * Completion", `complete -o default`).
 */
export function bashCompletion(commands: readonly CompletableCommand[]): string {
  return `# plimsoll in bash: source <(plimsoll completion bash)
_plimsoll() {
  local at=plimsoll word commands= options= values=
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      ${deeperPaths(commands).map(quoted).join(' | ')}) at="$at $word" ;;
    esac
  done
  case "$at" in
${commands.map(caseOf).join('\n')}
  esac
  COMPREPLY=()
  case " $values " in *" $before "*) return ;; esac
  if [ "\${current#-}" != "$current" ]; then commands=$options; fi
  COMPREPLY=($(compgen -W "$commands" -- "$current"))
}
complete -o default -F _plimsoll plimsoll
`;
}

function caseOf(command: CompletableCommand): string {
  const words = command.commands.map(({ word }) => word).join(' ');
  const options = command.options.map(({ long }) => long).join(' ');
  const set = `commands=${quoted(words)} options=${quoted(options)} values=${quoted(valueOptions(command).join(' '))}`;
  return `    ${quoted(command.path)}) ${set} ;;`;
}
