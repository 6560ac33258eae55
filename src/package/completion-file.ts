import { posix } from "node:path";
import { isSafeName } from "./names.ts";

export type CompletionShell = "bash" | "zsh" | "fish";

/** What a file completes. */
export interface Completion {
  readonly shell: CompletionShell;
  readonly command: string;
  /** True in the directories that the shells look into themselves. */
  readonly isUsual: boolean;
}

/** The directories that the shells look into, below any root. */
const USUAL: readonly (readonly [pattern: RegExp, shell: CompletionShell])[] = [
  [/(?:^|\/)bash-completion\/completions$/, "bash"],
  [/(?:^|\/)bash_completion\.d$/, "bash"],
  [/(?:^|\/)zsh\/(?:site-functions|vendor-completions)$/, "zsh"],
  [/(?:^|\/)fish\/(?:vendor_)?completions(?:\.d)?$/, "fish"],
];

/** Where release archives keep them: `complete/`, `completions/`, `autocomplete/`, `shell-completions/`, `contrib/completion/`. */
const COMPLETIONS = /^(?:(?:auto|shell)[-_]?)?complet(?:e|es|ion|ions)$/;

/** In any directory: what a file is called that completes a command, and what one is called that names none. */
const NAMES: Readonly<Record<CompletionShell, { readonly named: readonly RegExp[]; readonly main: RegExp }>> = {
  bash: {
    named: [/^(.+)[-_.]completions?\.(?:bash|sh)$/, /^(.+)[-_.]bash[-_]completions?$/, /^(.+)\.bash$/],
    main: /^(?:bash(?:[-_](?:auto)?completions?|_autocomplete)?(?:\.(?:bash|sh))?|completions?\.bash)$/,
  },
  zsh: {
    named: [/^_(.+?)(?:\.zsh)?$/, /^(.+)\.zsh(?:[-_]completions?)?$/],
    main: /^(?:_?zsh(?:[-_](?:auto)?completions?|_autocomplete)?|completions?\.zsh)$/,
  },
  fish: {
    named: [/^(.+)\.fish(?:[-_]completions?)?$/],
    main: /^(?:fish(?:[-_](?:auto)?completions?|_autocomplete)?|completions?\.fish)$/,
  },
};

const SHELLS: readonly CompletionShell[] = ["bash", "zsh", "fish"];

/**
 * What a file of a package completes, told by its path; null: nothing.
 *
 * @param main the command that a file completes which names none, such as `completions/bash`; null: nobody knows
 */
export function completionOf(path: string, main: string | null): Completion | null {
  const directory = posix.dirname(path);
  const base = posix.basename(path);
  const usual = USUAL.find(([pattern]) => pattern.test(directory));
  if (usual !== undefined) return named(usual[1], usualName(usual[1], base), true);
  const [parent, above] = directory.split("/").toReversed();
  const shell = SHELLS.find((one) => one === parent && COMPLETIONS.test(above ?? ""));
  if (shell !== undefined) return named(shell, nameIn(shell, base) ?? base, false);
  const isAmong = COMPLETIONS.test(parent ?? "");
  if (!isAmong && directory !== ".") return null;
  for (const one of SHELLS) {
    // At the root of an archive, a file called `bash` may be anything.
    if (isAmong && NAMES[one].main.test(base)) return main === null ? null : named(one, main, false);
    const name = nameIn(one, base);
    if (name !== null) return named(one, name, false);
  }
  return null;
}

function named(shell: CompletionShell, command: string, isUsual: boolean): Completion | null {
  return isSafeName(command) ? { shell, command, isUsual } : null;
}

/** bash takes a file that is called like the command itself. */
function usualName(shell: CompletionShell, base: string): string {
  return nameIn(shell, base) ?? base;
}

function nameIn(shell: CompletionShell, base: string): string | null {
  for (const pattern of NAMES[shell].named) {
    const name = pattern.exec(base)?.[1];
    if (name !== undefined) return name;
  }
  return null;
}
