import { basename } from "node:path";
import type { EmitEvent, Event } from "../base/events.ts";
import type { InstalledItem } from "./install-outcome.ts";
import type { NameConfig } from "./name-concerns.ts";
import { searchPlace } from "./search-path.ts";

/** Says when programs that were just placed will not be found by their names: once, with what to type, until they are. */
export function tellSearchPath(
  config: NameConfig & { readonly shell: string | null },
  emit: EmitEvent,
  items: readonly InstalledItem[],
): void {
  const links = items.flatMap((item) => ("links" in item ? item.links : []));
  if (links.length === 0) return;
  const place = searchPlace(config);
  const { bin } = config.paths;
  if (!place.isOnPath) emit(pathNote(bin, config.shell));
  for (const link of links) {
    const hider = place.hiderOf(link);
    if (hider !== null)
      emit({ kind: "note", message: `"${hider}" comes before "${bin}/${link}" on PATH and hides it` });
  }
}

/** The file that a shell of that name reads when it starts, for those whose lines are those of sh. */
const START_FILES: Readonly<Record<string, string>> = {
  bash: "~/.bashrc",
  zsh: "~/.zshrc",
  sh: "~/.profile",
  dash: "~/.profile",
  ash: "~/.profile",
  ksh: "~/.profile",
  mksh: "~/.profile",
};

/**
 * What to type so that programs in `bin` are found.
 *
 * @param shell the path of the shell in use, as SHELL names it; null if it is not known, and lines are those of sh
 */
export function pathNote(bin: string, shell: string | null): Extract<Event, { kind: "note" }> {
  const name = shell === null ? null : basename(shell);
  const unfound = `"${bin}" is not on PATH, so what was installed is not found by its name`;
  if (name === "fish")
    return { kind: "note", message: `${unfound}. Type once:`, more: [`fish_add_path ${quoted(bin)}`] };
  const exported = [`export PATH="${bin.replace(/["$\\`]/g, "\\$&")}:$PATH"`];
  if (name === null) return { kind: "note", message: `${unfound}. Type:`, more: exported };
  const file = START_FILES[name];
  if (file === undefined) return { kind: "note", message: `${unfound}; add it to PATH as ${name} does it` };
  return { kind: "note", message: `${unfound}. Type this, and add it to ${file}:`, more: exported };
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replace(/['\\]/g, "\\$&")}'`;
}
