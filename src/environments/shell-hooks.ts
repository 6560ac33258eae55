/** The shells that there is a hook for. */
export const HOOK_SHELLS = ["bash", "zsh", "fish"] as const;
export type HookShell = (typeof HOOK_SHELLS)[number];

/**
 * What bash and zsh do before each prompt. While the directory stays the same, that is one comparison; pkg is started when another
 * project is entered, and again once `pkg allow` has allowed it. What pkg prints is a path, and is never run. A shell that is
 * started within a project has its programs on PATH already: it is told which they are, so that it takes them from there as well.
 */
const POSIX = `_pkg_hook() {
  local _pkg_status=$? _pkg_dir _pkg_found
  if [ -n "\${_PKG_WAIT-}" ] && [ -e "\${_PKG_WAIT-}" ]; then
    _PKG_WAIT=; _PKG_PWD=; _PKG_PROJECT=
  fi
  if [ "$PWD" != "\${_PKG_PWD-}" ]; then
    _PKG_PWD=$PWD
    if [ -n "\${_PKG_BIN-}" ]; then
      case :$PATH: in *:"$_PKG_BIN":*) ;; *) unset _PKG_BIN _PKG_PROJECT ;; esac
    fi
    _pkg_dir=$PWD
    while [ -n "$_pkg_dir" ] && [ ! -e "$_pkg_dir/packages.toml" ]; do _pkg_dir=\${_pkg_dir%/*}; done
    if [ "$_pkg_dir" != "\${_PKG_PROJECT-}" ]; then
      if [ -n "\${_PKG_BIN-}" ]; then
        case $PATH in
          "$_PKG_BIN":*) PATH=\${PATH#"$_PKG_BIN":} ;;
          *) PATH=\${PATH/":$_PKG_BIN"/} ;;
        esac
        printf 'pkg: left %q\\n' "$_PKG_PROJECT" >&2
        unset _PKG_BIN _PKG_PROJECT
      fi
      _PKG_PROJECT=$_pkg_dir
      _PKG_WAIT=
      if [ -n "$_pkg_dir" ]; then
        _pkg_found=$(command pkg hook SHELL_NAME --enter </dev/null)
        case $_pkg_found in
          +/*) _PKG_BIN=\${_pkg_found#+}; export PATH="$_PKG_BIN:$PATH" _PKG_BIN _PKG_PROJECT ;;
          -/*) _PKG_WAIT=\${_pkg_found#-} ;;
        esac
      fi
    fi
  fi
  return $_pkg_status
}
`;

const BASH = `${POSIX.replace("SHELL_NAME", "bash")}case ";\${PROMPT_COMMAND[*]-};" in
  *_pkg_hook*) ;;
  *) PROMPT_COMMAND="_pkg_hook\${PROMPT_COMMAND:+;$PROMPT_COMMAND}" ;;
esac
`;

const ZSH = `${POSIX.replace("SHELL_NAME", "zsh")}autoload -Uz add-zsh-hook
add-zsh-hook precmd _pkg_hook
`;

/** fish has lists, and events; the rest is the same. */
const FISH = `function _pkg_hook --on-event fish_prompt
  if set -q _PKG_WAIT[1]; and test -e "$_PKG_WAIT"
    set -e _PKG_WAIT; set -e _PKG_PWD; set -e _PKG_PROJECT
  end
  if test "$PWD" != "$_PKG_PWD"
    set -g _PKG_PWD $PWD
    if set -q _PKG_BIN[1]; and not contains -- $_PKG_BIN $PATH
      set -e _PKG_BIN; set -e _PKG_PROJECT
    end
    set -l dir $PWD
    while test -n "$dir"; and not test -e "$dir/packages.toml"
      set dir (string replace -r '/[^/]*$' '' -- $dir)
    end
    if test "$dir" != "$_PKG_PROJECT"
      if set -q _PKG_BIN[1]
        if set -l index (contains -i -- $_PKG_BIN $PATH)
          set -e PATH[$index]
        end
        printf 'pkg: left %s\\n' (string escape -- $_PKG_PROJECT) >&2
        set -e _PKG_BIN; set -e _PKG_PROJECT
      end
      set -g _PKG_PROJECT $dir
      set -e _PKG_WAIT
      if test -n "$dir"
        set -l found (command pkg hook fish --enter </dev/null)
        switch "$found"
          case '+/*'
            set -gx _PKG_BIN (string sub -s 2 -- $found)
            set -gx _PKG_PROJECT $dir
            set -gx PATH $_PKG_BIN $PATH
          case '-/*'
            set -g _PKG_WAIT (string sub -s 2 -- $found)
        end
      end
    end
  end
end
`;

const HOOKS: Readonly<Record<HookShell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };

/** What a shell reads once, to have the programs of a project on PATH in its directory. */
export function shellHook(shell: HookShell): string {
  return HOOKS[shell];
}
