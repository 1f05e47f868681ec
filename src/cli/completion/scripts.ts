/**
 * What a shell has to know to ask Rollcall for the rest of a command line. Nothing that was typed is evaluated, and nothing is
 * out of date after an update, since the commands are in none of these.
 */

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The first line of an answer that leaves the word to the shell. */
export const filesSign = ':files';

const bash = `# rollcall's completion for bash (3.2 or newer)
_rollcall() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ${filesSign} ]]; then
      compopt -o default 2>/dev/null
      return
    fi
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(rollcall complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _rollcall rollcall
`;

const zsh = `#compdef rollcall
# rollcall's completion for zsh
_rollcall() {
  local line
  local -a found described
  found=("\${(@f)$(rollcall complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $found[1] == ${filesSign} ]]; then
    _files
    return
  fi
  for line in $found; do
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe rollcall described
}
if [[ $funcstack[1] == _rollcall ]]; then
  _rollcall "$@"
else
  compdef _rollcall rollcall
fi
`;

const fish = `# rollcall's completion for fish
function __rollcall_complete
  set -l before (commandline -opc)
  set -e before[1]
  set -l current (commandline -ct)
  set -l found (rollcall complete -- $before "$current" 2>/dev/null)
  if test "$found[1]" = ${filesSign}
    __fish_complete_path "$current"
  else
    printf '%s\\n' $found
  end
end
complete --command rollcall --no-files --arguments '(__rollcall_complete)'
`;

export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
