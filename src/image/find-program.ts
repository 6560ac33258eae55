import { posix } from "node:path";
import type { ImageConfig } from "./image-config.ts";
import type { FoundFile, Overlay } from "./overlay.ts";

/** The program that an image is for. `more`: the next layer has to be read to tell. */
export type ImageProgram =
  | { readonly kind: "program"; readonly name: string; readonly file: FoundFile }
  | { readonly kind: "more" }
  | { readonly kind: "none"; readonly reason: string };

/** They start something else: an image with one of them as its program is not for one program. */
const STARTERS: ReadonlySet<string> = new Set([
  ...["sh", "bash", "ash", "dash", "zsh", "fish", "busybox", "env", "exec", "su", "sudo", "gosu", "su-exec", "setpriv"],
  ...["tini", "tini-static", "dumb-init", "catatonit", "s6-svscan", "init", "supervisord", "runit", "runsvdir"],
  ...["docker-entrypoint.sh", "docker-entrypoint", "entrypoint.sh", "entrypoint", "start.sh", "run.sh"],
  ...["python", "python3", "node", "perl", "ruby", "php", "java", "deno", "bun", "lua"],
]);

/**
 * Finds what is asked for, or else what the image's entrypoint names, or its command when it has no entrypoint.
 *
 * @param asked a name, which is looked up in the directories of the image's `PATH`, or a path; null: what the image names
 */
export function findProgram(overlay: Overlay, config: ImageConfig, asked: string | null): ImageProgram {
  const word = asked ?? config.entrypoint[0] ?? config.cmd[0];
  if (word === undefined || word === "") return none("the image names no program");
  const name = posix.basename(word);
  if (asked === null && isStarter(name)) return none(`the image starts "${word}", which starts other programs`);
  const found = placesOf(word, config).map((path) => overlay.find(path));
  const file = found.find((one) => one.kind === "file");
  if (file !== undefined)
    return isExecutable(file) ? { kind: "program", name, file } : none(`"${word}" is not executable`);
  return found.some(({ kind }) => kind === "unknown") ? { kind: "more" } : none(`the image has no "${word}"`);
}

/** Where a word may be, the likeliest first. */
function placesOf(word: string, { path, workingDirectory }: ImageConfig): readonly string[] {
  if (word.startsWith("/")) return [word];
  if (word.includes("/")) return [posix.join(workingDirectory, word)];
  return path.map((directory) => posix.join(directory, word));
}

/** Also of a version: `python3.13`. */
function isStarter(name: string): boolean {
  return STARTERS.has(name) || STARTERS.has(name.replace(/[\d.]+$/, ""));
}

function isExecutable({ mode }: FoundFile): boolean {
  return (mode & 0o111) !== 0;
}

function none(reason: string): ImageProgram {
  return { kind: "none", reason };
}
