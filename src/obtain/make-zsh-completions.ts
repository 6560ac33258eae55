import { posix } from "node:path";
import { SYMLINK_MODE } from "../fs/modes.ts";
import { readLocalFile } from "../fs/read-file.ts";
import { holdingsOf, MADE_SHARE } from "../package/holdings.ts";
import type { InstalledFile } from "../package/installation.ts";
import { withOwnCompdef } from "../package/zsh-compdef.ts";
import { takenFile } from "../unpack/taken-file.ts";
import type { DesktopContext, DesktopPackage } from "./make-desktop-files.ts";

const FILE_MODE = 0o644;
/** One that is larger completes nothing that a person types. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Makes those completions for zsh anew that are for commands of others as well: the same functions, for the package's own alone.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM, INTERRUPTED
 */
export async function makeZshCompletions(
  { blobs, signal }: Pick<DesktopContext, "blobs" | "signal">,
  { name, files, links }: Pick<DesktopPackage, "name" | "files" | "links">,
): Promise<readonly InstalledFile[]> {
  const commands = links.map(({ link }) => link);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const held = holdingsOf({ name, commands, paths: [...byPath.keys()] }).filter(({ place }) =>
    place.startsWith("zsh/"),
  );
  const made: { readonly path: string; readonly text: string }[] = [];
  for (const { path, place } of held) {
    const text = await textOf(blobs, byPath, path);
    const changed = text === null ? "" : withOwnCompdef(text, { own: posix.basename(place).slice(1), commands });
    if (changed !== null) made.push({ path: `${MADE_SHARE}${place}`, text: changed });
  }
  if (made.length === 0) return [];
  const intake = blobs.intake(signal);
  try {
    const all: InstalledFile[] = [];
    for (const { path, text } of made)
      all.push(takenFile(await intake.add([Buffer.from(text, "latin1")], FILE_MODE), path, FILE_MODE));
    await intake.finish();
    return all;
  } catch (error) {
    await intake.abandon();
    throw error;
  }
}

const MAX_LINKS = 8;

/** Byte for byte, whatever its encoding, through links of the same package; null where nobody can tell what is in it. */
async function textOf(
  blobs: Pick<DesktopContext["blobs"], "pathOf">,
  files: ReadonlyMap<string, InstalledFile>,
  path: string,
): Promise<string | null> {
  let at = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const file = files.get(at);
    if (file === undefined || file.size > MAX_BYTES) return null;
    const text = (await readLocalFile(blobs.pathOf(file.digest))).toString("latin1");
    if (file.mode !== SYMLINK_MODE) return text;
    at = posix.join(posix.dirname(at), text);
  }
  return null;
}
