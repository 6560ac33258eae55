import type { Shell } from "../../base/shells.ts";

/**
 * A shell calls these with a command that it does not find. What pkg knows of it is told; if it knows nothing, whatever did this
 * before does it. Where pkg itself is gone, the shell would call again to find that, for ever, so that is looked at first.
 */
const BASH = `if [ -z "\${_PKG_NOT_FOUND-}" ] && declare -F command_not_found_handle >/dev/null; then
  eval "_pkg_not_found_before() $(declare -f command_not_found_handle | tail -n +2)"
fi
_PKG_NOT_FOUND=1
command_not_found_handle() {
  local found=
  if type -P pkg >/dev/null; then found=$(command pkg command-not-found -- "$1" 2>/dev/null </dev/null); fi
  if [ -n "$found" ]; then
    printf '%s\\n' "$found" >&2
  elif declare -F _pkg_not_found_before >/dev/null; then
    _pkg_not_found_before "$@"
    return
  else
    printf 'bash: %s: command not found\\n' "$1" >&2
  fi
  return 127
}
`;

const ZSH = `if [[ -z \${_PKG_NOT_FOUND-} ]] && (( $+functions[command_not_found_handler] )); then
  functions -c command_not_found_handler _pkg_not_found_before
fi
_PKG_NOT_FOUND=1
command_not_found_handler() {
  local found=
  if whence -p pkg >/dev/null; then found=$(command pkg command-not-found -- "$1" 2>/dev/null </dev/null); fi
  if [[ -n $found ]]; then
    printf '%s\\n' "$found" >&2
  elif (( $+functions[_pkg_not_found_before] )); then
    _pkg_not_found_before "$@"
    return
  else
    printf 'zsh: command not found: %s\\n' "$1" >&2
  fi
  return 127
}
`;

const FISH = `if not set -q _PKG_NOT_FOUND; and functions -q fish_command_not_found
  functions -c fish_command_not_found _pkg_not_found_before
end
set -g _PKG_NOT_FOUND 1
function fish_command_not_found
  set -l found
  if type -q --no-functions pkg
    set found (command pkg command-not-found -- $argv[1] 2>/dev/null </dev/null)
  end
  if test -n "$found"
    printf '%s\\n' $found >&2
  else if functions -q _pkg_not_found_before
    _pkg_not_found_before $argv
  else
    printf 'fish: Unknown command: %s\\n' $argv[1] >&2
  end
end
`;

const HOOKS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

/** What a shell reads once, so that it says which package has a command that it does not find. */
export function notFoundHook(shell: Shell): string {
  return HOOKS[shell];
}
