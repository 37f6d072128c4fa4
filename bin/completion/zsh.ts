import { type CompletableCommand, deeperPaths, type OfferedWord, quoted, valueOptions } from './completable.ts';

/** For zsh, sourced after `compinit`, or as a file `_plimsoll` in a folder of `fpath` ("Completion System", `compdef`). */
export function zshCompletion(commands: readonly CompletableCommand[]): string {
  return `#compdef plimsoll
# plimsoll in zsh: source <(plimsoll completion zsh)
_plimsoll() {
  local at=plimsoll word
  local -a commands options values
  for word in \${words[2,CURRENT-1]}; do
    case "$at $word" in
      (${deeperPaths(commands).map(quoted).join('|')}) at="$at $word" ;;
    esac
  done
  case $at in
${commands.map(caseOf).join('\n')}
  esac
  if (( \${values[(Ie)\${words[CURRENT-1]}]} )); then _files
  elif [[ \${words[CURRENT]} == -* ]]; then _describe -o option options
  elif (( \${#commands} )); then _describe command commands
  else _files
  fi
}
if [[ \${funcstack[1]} == _plimsoll ]]; then _plimsoll "$@"; else compdef _plimsoll plimsoll; fi
`;
}

/** `_describe` parts a word from its description at the first colon. */
const described = (words: readonly OfferedWord[]): string =>
  words.map(({ word, description }) => quoted(`${word}:${description}`)).join(' ');

function caseOf(command: CompletableCommand): string {
  const options = command.options.map(({ long, description }) => ({ word: long, description }));
  return `    (${quoted(command.path)})
      commands=(${described(command.commands)})
      options=(${described(options)})
      values=(${valueOptions(command).join(' ')}) ;;`;
}
