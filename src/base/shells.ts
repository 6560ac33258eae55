/** The shells that command lines are completed in. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof SHELLS)[number];

/** True for the name of one of them. */
export function isShell(word: string): word is Shell {
  return SHELLS.some((shell) => shell === word);
}
