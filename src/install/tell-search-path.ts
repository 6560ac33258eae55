import { basename } from "node:path";
import type { EmitEvent, Event } from "../base/events.ts";
import type { Installations } from "../state/installations.ts";
import type { InstalledItem } from "./install-outcome.ts";
import type { NameConfig } from "./name-concerns.ts";
import { searchPlace } from "./search-path.ts";

type PathConfig = NameConfig & { readonly shell: string | null };

/** What is said about the names of programs that were just placed. */
export interface PlacedPrograms {
  readonly config: PathConfig;
  readonly emit: EmitEvent;
  readonly items: readonly InstalledItem[];
  readonly installations: Pick<Installations, "list">;
}

/**
 * Says when programs that were just placed will not be found by their names. What to type is told with the first programs of
 * a home; whoever leaves it at that is reminded in a line.
 */
export function tellSearchPath({ config, emit, items, installations }: PlacedPrograms): void {
  const placed = items.filter((item) => "links" in item);
  const links = placed.flatMap((item) => item.links);
  if (links.length === 0) return;
  const place = searchPlace(config);
  const { bin } = config.paths;
  if (!place.isOnPath) {
    const names = new Set(placed.map(({ name }) => name));
    const isFirst = installations.list().every((other) => names.has(other.name) || other.links.length === 0);
    emit(isFirst ? pathNote(bin, config.shell) : pathReminder(bin));
  }
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

/** The file that a shell reads when it starts; null: it is not known. */
export function startFileOf(shell: string | null): string | null {
  return shell === null ? null : (START_FILES[basename(shell)] ?? null);
}

/**
 * What to type so that programs in `bin` are found.
 *
 * @param shell the path of the shell in use, as SHELL names it; null if it is not known, and lines are those of sh
 */
export function pathNote(bin: string, shell: string | null): Extract<Event, { kind: "note" }> {
  const name = shell === null ? null : basename(shell);
  const unfound = `"${bin}" is not on PATH, so programs in it are not found by their names`;
  if (name === "fish")
    return { kind: "note", message: `${unfound}. Type once:`, more: [`fish_add_path ${quoted(bin)}`] };
  const exported = [`export PATH="${bin.replace(/["$\\`]/g, "\\$&")}:$PATH"`];
  if (name === null) return { kind: "note", message: `${unfound}. Type:`, more: exported };
  const file = START_FILES[name];
  if (file === undefined) return { kind: "note", message: `${unfound}; add it to PATH as ${name} does it` };
  return { kind: "note", message: `${unfound}. Type this, and add it to ${file}:`, more: exported };
}

/** The note of pathNote(), where the bin directory is not on PATH. */
export function tellOffPath(config: PathConfig, emit: EmitEvent): void {
  if (!searchPlace(config).isOnPath) emit(pathNote(config.paths.bin, config.shell));
}

function pathReminder(bin: string): Extract<Event, { kind: "note" }> {
  return { kind: "note", message: `"${bin}" is not on PATH; \`pkg config\` shows what to type` };
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replace(/['\\]/g, "\\$&")}'`;
}
