import type { Shell } from "../../base/shells.ts";

/**
 * bash splits words at ":", "=" and "@" too, and puts candidates into the line as they are: so words are put together again
 * first, and each candidate is quoted. What is printed is never evaluated.
 */
const BASH = String.raw`# bash completion for pkg: source <(pkg completion bash)
_pkg() {
  local rest=\${COMP_LINE:0:COMP_POINT} words=() i word trimmed kind lead quoted
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    trimmed=\${rest#"\${rest%%[![:space:]]*}"}
    ((i == COMP_CWORD)) && word=$trimmed
    if ((i > 0)) && [[ $trimmed == "$rest" && -n $rest ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    rest=\${trimmed#"$word"}
  done
  for i in "\${!words[@]}"; do words[i]=\${words[i]//[\"\'\\]/}; done
  local current=\${words[\${#words[@]} - 1]} breaks=
  for word in : = @; do [[ $COMP_WORDBREAKS == *"$word"* ]] && breaks+=$word; done
  [[ -n $breaks ]] && lead=\${current%"\${current##*[$breaks]}"}
  printf -v lead %q "$lead"
  [[ $lead == "''" ]] && lead=
  COMPREPLY=()
  {
    IFS= read -r kind
    if [[ $kind == words ]]; then
      while IFS= read -r word && IFS= read -r trimmed; do
        printf -v quoted %q "$word"
        COMPREPLY+=("\${quoted#"$lead"}")
      done
    fi
  } < <(command pkg __complete "\${words[@]:1}" 2>/dev/null)
  case $kind in
    files) compopt -o default ;;
    directories) compopt -o dirnames ;;
  esac
}
complete -F _pkg pkg`;

const ZSH = String.raw`#compdef pkg
# zsh completion for pkg: source <(pkg completion zsh), or as a file named _pkg in a directory of fpath
_pkg() {
  local kind word description
  local -a values shown
  {
    IFS= read -r kind
    while IFS= read -r word && IFS= read -r description; do
      values+=("$word")
      shown+=("$word\${description:+  -- $description}")
    done
  } < <(command pkg __complete "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)
  case $kind in
    words) compadd -l -d shown -a -- values ;;
    files) [[ $PREFIX == --*=* ]] && compset -P '*='; _files ;;
    directories) [[ $PREFIX == --*=* ]] && compset -P '*='; _files -/ ;;
  esac
}
if [[ $funcstack[1] == _pkg ]]; then
  _pkg "$@"
else
  compdef _pkg pkg
fi`;

const FISH = String.raw`# fish completion for pkg: pkg completion fish | source
function __pkg_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found (command pkg __complete $words[2..-1] "$current" 2>/dev/null)
    switch "$found[1]"
        case words
            set -e found[1]
            while set -q found[1]
                printf '%s\t%s\n' "$found[1]" "$found[2]"
                set -e found[1..2]
            end
        case files
            __fish_complete_path (string replace -r -- '^--[^=]*=' '' "$current")
        case directories
            __fish_complete_directories (string replace -r -- '^--[^=]*=' '' "$current")
    end
end
complete -c pkg -e
complete -c pkg -f -a '(__pkg_complete)'`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

/** The lines of the script for a shell. */
export function completionScript(shell: Shell): readonly string[] {
  // A raw template keeps the backslash before "${", without which it would be a substitution.
  return SCRIPTS[shell].replaceAll("\\${", "${").split("\n");
}
