/** The shells that a line is known for. */
export const PATH_SHELLS = ["bash", "zsh", "fish", "sh", "csh", "tcsh", "nu", "elvish", "pwsh"] as const;
export type PathShell = (typeof PATH_SHELLS)[number];

/** Shells that read the lines of another one. */
const ALIKE: Readonly<Record<string, PathShell>> = { dash: "sh", ash: "sh", ksh: "sh", mksh: "sh", nushell: "nu" };

/** The shell of that name, as its program is called; null: none that a line is known for. */
export function pathShell(name: string): PathShell | null {
  const plain = name.replace(/^-/, "");
  return PATH_SHELLS.find((shell) => shell === plain) ?? ALIKE[plain] ?? null;
}

/** A line for a shell to evaluate that puts a directory first on PATH, unless it is on it: so it may be evaluated twice. */
export function pathLine(shell: PathShell, directory: string): string {
  const single = quotedBy(directory, /'/g, "'\\''");
  switch (shell) {
    case "bash":
    case "zsh":
    case "sh":
      return `case ":\${PATH}:" in *:${single}:*) ;; *) export PATH=${single}"\${PATH:+:\${PATH}}" ;; esac`;
    case "fish": {
      const quoted = quotedBy(directory, /['\\]/g, "\\$&");
      return `contains -- ${quoted} $PATH; or set -gx PATH ${quoted} $PATH`;
    }
    case "csh":
    case "tcsh": {
      const quoted = single.replace(/!/g, "\\!");
      return `echo ":\${PATH}:" | grep -qF -e ':'${quoted}':' || setenv PATH ${quoted}":\${PATH}"`;
    }
    case "nu": {
      const quoted = `"${directory.replace(/["\\]/g, "\\$&")}"`;
      return `$env.PATH = ($env.PATH | split row (char esep) | where {|it| $it != ${quoted}} | prepend ${quoted})`;
    }
    case "elvish": {
      const quoted = quotedBy(directory, /'/g, "''");
      return `if (not (has-value $paths ${quoted})) { set paths = [${quoted} $@paths] }`;
    }
    case "pwsh": {
      const quoted = quotedBy(directory, /'/g, "''");
      return `if (($env:PATH -split ':') -cnotcontains ${quoted}) { $env:PATH = ${quoted} + ':' + $env:PATH }`;
    }
  }
}

function quotedBy(text: string, special: RegExp, replacement: string): string {
  return `'${text.replace(special, replacement)}'`;
}
