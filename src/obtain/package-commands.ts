import { basename } from "node:path";
import type { BlobStore } from "../blobs/blob-store.ts";
import { EXECUTABLE_BITS } from "../fs/modes.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import type { Digest } from "../oci/digest.ts";
import type { InstalledFile } from "../package/installation.ts";
import { archiveLinks, directoryLinks, type Link, linksFor } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";
import { executablesOf } from "../unpack/archive-programs.ts";
import { programsOf } from "../unpack/directory-programs.ts";
import type { ArchiveLayout } from "../unpack/lay-out.ts";
import { type CommandLink, noCommandOf } from "./check-commands.ts";

type Blobs = Pick<BlobStore, "pathOf">;

/** A package whose files are in the store, whether it is installed or not. */
export interface Linkable {
  readonly resolution: Resolution;
  readonly files: readonly InstalledFile[];
  /** As it was published; empty for a directory. */
  readonly links: readonly Link[];
  /** The title of the main program; null: it is a directory. */
  readonly main: string | null;
}

/** What is placed of a download; null: a package in a registry says it itself. */
export function layoutOf({ name, origin }: Resolution): ArchiveLayout | null {
  return origin.kind === "download" ? { name, mapped: origin.mapped } : null;
}

/**
 * The commands that a package would have, and the title of the one that it cannot do without; null: any will do.
 *
 * @throws {PkgError} PACKAGE_UNINSTALLABLE when it has none
 */
export async function commandsOf(
  blobs: Blobs,
  linkable: Linkable,
): Promise<{ readonly commands: readonly CommandLink[]; readonly main: string | null }> {
  const { resolution, main } = linkable;
  const layout = layoutOf(resolution);
  // What comes out of an image was found in its layers already.
  if (resolution.origin.kind === "image")
    return { commands: commandsAlone(linkable), main: linkable.links[0]?.title ?? null };
  if (layout !== null && main === null) return commandsOfDownload(blobs, linkable, layout);
  return main === null
    ? { commands: commandsInside(blobs, linkable), main }
    : { commands: commandsAlone(linkable), main };
}

/** Of a download: the file that it is, or the programs that its map places, or those that its archive holds. */
async function commandsOfDownload(blobs: Blobs, linkable: Linkable, { name, mapped }: ArchiveLayout) {
  const { resolution, files } = linkable;
  const [only] = files.length === 1 ? files : [];
  // What is no archive is executable; a file of that name in an archive need not be.
  if (mapped.length === 0 && only?.path === name && (only.mode & EXECUTABLE_BITS) !== 0) {
    const links = linksFor({ name, main: name, provides: resolution.provides }, [name]);
    return { commands: commandsAlone({ files, links }), main: name };
  }
  if (mapped.some(({ to }) => /^bin(?:\/|$)/.test(to)))
    return { commands: commandsInside(blobs, linkable, true), main: null };
  const programs = await executablesOf(blobs, files, ({ digest }) => readText(blobs, digest));
  const links = archiveLinks({ ...resolution, name: resolution.packageName }, [...programs.keys()]);
  if (links.length === 0) throw noCommandOf(resolution, [...programs.keys()], "its archive");
  return { commands: links.flatMap((link) => withDigest(link, programs.get(link.title)?.digest)), main: null };
}

/** Programs that come as files of their own. */
function commandsAlone({ files, links }: Pick<Linkable, "files" | "links">): readonly CommandLink[] {
  const digests = new Map(files.map(({ path, digest }) => [path, digest]));
  return links.flatMap((link) => withDigest(link, digests.get(link.title)));
}

/**
 * A directory's links lead to the programs in its `bin`.
 *
 * @param isMapped what is in `bin` was put there by a map: all of it is wanted, whether `provides` names it or not
 */
function commandsInside(blobs: Blobs, { resolution, files }: Linkable, isMapped = false): readonly CommandLink[] {
  const programs = programsOf(files, ({ digest }) => readText(blobs, digest));
  const named = new Set(resolution.provides.map(({ program }) => program));
  const others = isMapped ? [...programs.keys()].filter((program) => !named.has(program)) : [];
  const provides = [...resolution.provides, ...others.map((program) => ({ program, links: [program] }))];
  const links = directoryLinks(provides, [...programs.keys()]);
  if (links.length === 0) throw noCommandOf(resolution, [...programs.keys()]);
  return links.flatMap((link) => withDigest(link, programs.get(basename(link.title))?.digest));
}

function withDigest(link: Link, digest: Digest | undefined): readonly CommandLink[] {
  return digest === undefined ? [] : [{ link, digest }];
}

function readText(blobs: Blobs, digest: Digest): string {
  return readLocalFileSync(blobs.pathOf(digest)).toString("utf8");
}
