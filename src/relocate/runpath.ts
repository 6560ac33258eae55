import { type Prefix, relocateText } from "./prefix.ts";

const ORIGIN = /^\$(?:ORIGIN|\{ORIGIN\})(?:\/|$)/;
/** One version of the compiler's libraries, whose directory has another name after the next update. */
const COMPILER_LIBRARIES = /\/lib\/gcc\/\d+(?=\/|$)/;

/**
 * The search path of a file in its new place: what leads into the prefix, or goes from the file itself, and the prefix's
 * `lib` at the end; every other directory was the build machine's.
 *
 * @param path directories with `:` between them, as they stand in `DT_RUNPATH` or `DT_RPATH`; Latin-1, as the result
 */
export function relocateRunpath(path: string, prefix: Prefix): string {
  const root = relocateText("@@HOMEBREW_PREFIX@@", prefix);
  const moved = path.split(":").map((directory) => relocateText(directory, prefix));
  const kept = moved.filter((directory) => ORIGIN.test(directory) || `${directory}/`.startsWith(`${root}/`));
  const current = kept.map((directory) => directory.replace(COMPILER_LIBRARIES, "/lib/gcc/current"));
  return [...new Set([...current, `${root}/lib`])].join(":");
}
