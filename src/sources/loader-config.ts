import { posix } from "node:path";
import type { FoundFile, Overlay } from "../image/overlay.ts";
import { type LayeredImage, readFiles } from "./read-layers.ts";

/** An image, and which dynamic linker its program is loaded by. */
export interface ConfiguredImage extends LayeredImage {
  readonly overlay: Overlay;
  /** Of the machine that it has to run on: `x86_64-linux`. */
  readonly host: string;
}

const GLIBC_CONFIG = "/etc/ld.so.conf";
/** Far more than any image has. */
const MOST_FILES = 200;
const MOST_BYTES = 64 * 1024;
/** How deep files include others. */
const MOST_LEVELS = 5;

/**
 * The directories in which an image's dynamic linker looks for libraries because its configuration says so: of glibc
 * `/etc/ld.so.conf` with what it includes, of musl `/etc/ld-musl-ARCH.path`.
 *
 * @throws {PkgError} as readFiles
 * @see ldconfig(8)
 */
export async function configuredDirectories(image: ConfiguredImage, isMusl: boolean): Promise<readonly string[]> {
  if (!isMusl) return glibcDirectories(image, [GLIBC_CONFIG], MOST_LEVELS);
  const [machine = ""] = image.host.split("-");
  const [text = ""] = await read(image, [`/etc/ld-musl-${machine}.path`]);
  return text.split(/[:\n]/).filter(posix.isAbsolute);
}

async function glibcDirectories(
  image: ConfiguredImage,
  paths: readonly string[],
  levels: number,
): Promise<readonly string[]> {
  if (paths.length === 0 || levels === 0) return [];
  const lines = (await read(image, paths)).flatMap((text) =>
    text.split("\n").map((line) => line.replace(/#.*/, "").trim()),
  );
  const included = lines.flatMap(
    (line) => /^include\s+(?<patterns>.*)$/.exec(line)?.groups?.["patterns"]?.split(/\s+/) ?? [],
  );
  const more = included.flatMap((pattern) => matches(image.overlay, posix.resolve("/etc", pattern)));
  return [...lines.filter(posix.isAbsolute), ...(await glibcDirectories(image, more, levels - 1))];
}

/** Paths that a pattern means, in which only the last name may have `*` and `?`. */
function matches(overlay: Overlay, pattern: string): readonly string[] {
  const [directory, name] = [posix.dirname(pattern), posix.basename(pattern)];
  if (!/[*?]/.test(name)) return [pattern];
  const names = [...overlay.names(directory)].filter((one) => posix.matchesGlob(one, name));
  return names.toSorted().map((one) => posix.join(directory, one));
}

/** The texts of those that are files of a usual size. */
async function read(image: ConfiguredImage, paths: readonly string[]): Promise<readonly string[]> {
  const found = paths.slice(0, MOST_FILES).map((path) => image.overlay.find(path));
  const files = found.filter((one): one is FoundFile => one.kind === "file" && one.size <= MOST_BYTES);
  const contents = await readFiles(image, files);
  return files.map(({ path }) => contents.get(path)?.toString("utf8") ?? "");
}
