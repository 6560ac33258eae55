import { posix } from "node:path";
import { isSafeName } from "../package/names.ts";
import type { ImageConfig } from "./image-config.ts";
import { MAX_IMAGE_LAYERS } from "./image-layers.ts";
import { isExecutable } from "./layer-files.ts";
import type { FoundFile, Overlay } from "./overlay.ts";

/** The program that an image is for. `more`: the next layer has to be read to tell. */
export type ImageProgram =
  | { readonly kind: "program"; readonly name: string; readonly file: FoundFile }
  | { readonly kind: "more" }
  | { readonly kind: "none"; readonly reason: string };

/** Programs that only start others: nobody looks for them in an image. */
const SHELLS: ReadonlySet<string> = new Set([
  ...["sh", "bash", "rbash", "ash", "dash", "zsh", "ksh", "mksh", "csh", "tcsh", "fish", "busybox", "toybox"],
  ...[
    "env",
    "exec",
    "su",
    "sudo",
    "doas",
    "gosu",
    "su-exec",
    "setpriv",
    "chroot",
    "nice",
    "nohup",
    "setsid",
    "timeout",
  ],
  ...["tini", "tini-static", "dumb-init", "catatonit", "s6-svscan", "init", "supervisord", "runit", "runsvdir"],
  ...["docker-entrypoint.sh", "docker-entrypoint", "entrypoint.sh", "entrypoint", "start.sh", "run.sh"],
]);

/** Interpreters run programs that are text, and may be wanted themselves. */
const INTERPRETERS: ReadonlySet<string> = new Set([
  ...["python", "pypy", "node", "nodejs", "deno", "bun", "perl", "ruby", "php", "java", "lua", "luajit", "pwsh"],
  ...["tclsh", "Rscript", "julia", "guile", "dotnet", "npm", "npx", "yarn", "pnpm"],
]);

const MOST_LISTED = 1000;
/** As in the kernel: PATH_MAX. */
const MAX_WORD_BYTES = 4096;

/**
 * Finds what is asked for, or else what the image's entrypoint names, or its command when it has no entrypoint.
 *
 * @param asked a name, which is looked up where the image has its programs, or a path; null: what the image names
 */
export function findProgram(overlay: Overlay, config: ImageConfig, asked: string | null): ImageProgram {
  const word = asked ?? config.entrypoint[0] ?? config.cmd[0];
  if (word === undefined || word === "") return none("the image names no program");
  if (Buffer.byteLength(word) > MAX_WORD_BYTES)
    return none(`"${word.slice(0, 80)}…" is too long to be a program's path`);
  const name = posix.basename(word);
  if (asked === null && isStarter(name)) return none(`the image starts "${word}", which starts other programs`);
  const found = placesOf(word, config, asked !== null).map((path) => overlay.find(path));
  const files = found.filter((one) => one.kind === "file");
  // As a shell does, which passes over what it may not start.
  const file = files.find(({ mode }) => isExecutable(mode)) ?? files[0];
  if (file !== undefined) return judge(file, { word, name, isAsked: asked !== null });
  const kinds = found.map(({ kind }) => kind);
  if (kinds.includes("sparse")) return none(`"${word}" is a sparse file, which is not supported`);
  if (kinds.includes("unknown")) return { kind: "more" };
  const instead = asked !== null && kinds.includes("directory") ? ", only a directory of that name" : "";
  return none(`the image has no "${word}"${instead}`);
}

/** The names of the programs that are asked for, or else of the one that the image names; none where it is not for one. */
export function wantedNames(config: ImageConfig | null, asked: readonly string[]): readonly string[] {
  const own = config?.entrypoint[0] ?? config?.cmd[0] ?? "";
  const words = asked.length > 0 ? asked : [own].filter((word) => !isStarter(posix.basename(word)));
  return words.map((word) => posix.basename(word)).filter(isSafeName);
}

function judge(
  file: FoundFile,
  { word, name, isAsked }: { word: string; name: string; isAsked: boolean },
): ImageProgram {
  if (!isExecutable(file.mode)) return none(`"${word}" is not executable`);
  const real = posix.basename(file.path);
  if (isAsked) return { kind: "program", name, file };
  if (file.content === "script") return none(`"${name}" is a script, which needs the rest of the image`);
  if (!isStarter(real)) return { kind: "program", name, file };
  return none(`the image starts "${word}", which is "/${file.path}" and starts other programs`);
}

/**
 * The programs that an image has where programs are looked for, without shells and the like: the first thousand of their
 * names, scripts last, those of the top layers first, and how many there are.
 */
export function listPrograms(
  overlay: Overlay,
  config: ImageConfig,
): { readonly names: readonly string[]; readonly count: number } {
  const ranks = new Map<string, number>();
  for (const directory of directoriesOf(config)) {
    for (const name of [...overlay.names(directory)].filter((one) => isSafeName(one) && !SHELLS.has(one)).toSorted()) {
      const found = ranks.has(name) ? null : overlay.find(posix.join(directory, name));
      if (found?.kind === "file" && isProgram(found)) ranks.set(name, rankOf(found));
    }
  }
  const names = [...ranks].toSorted(([, a], [, b]) => a - b).map(([name]) => name);
  return { names: names.slice(0, MOST_LISTED), count: names.length };
}

function isProgram({ mode, content }: FoundFile): boolean {
  return isExecutable(mode) && content !== "data";
}

/** Scripts come after all programs, since most of them need other files of the image. */
function rankOf({ layer, content }: FoundFile): number {
  return layer + (content === "script" ? MAX_IMAGE_LAYERS : 0);
}

/** Where a word may be, the likeliest first. What a person types without the first slash is meant from the root, too. */
function placesOf(word: string, config: ImageConfig, isAsked: boolean): readonly string[] {
  if (word.startsWith("/")) return [word];
  if (word.includes("/")) return [posix.join(config.workingDirectory, word), ...(isAsked ? [`/${word}`] : [])];
  return directoriesOf(config).map((directory) => posix.join(directory, word));
}

/**
 * Besides the image's `PATH`, where its own program is, where that runs, and the root: there are images of a few programs
 * and nothing else.
 */
function directoriesOf({ path, entrypoint, cmd, workingDirectory }: ImageConfig): readonly string[] {
  const word = entrypoint[0] ?? cmd[0] ?? "";
  const own = word.includes("/") ? [posix.dirname(posix.resolve(workingDirectory, word))] : [];
  const places = [...path, ...own, posix.resolve("/", workingDirectory), "/"];
  return [...new Set(places.map((directory) => posix.normalize(directory)))];
}

/** Also of a version: `python3.13`. */
function isStarter(name: string): boolean {
  return SHELLS.has(name) || INTERPRETERS.has(name.replace(/[\d.]+$/, ""));
}

function none(reason: string): ImageProgram {
  return { kind: "none", reason };
}
