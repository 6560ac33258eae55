import { basename } from "node:path";
import type { BlobStore, StoredBlob } from "../blobs/blob-store.ts";
import { hasCode } from "../errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import type { Digest } from "../oci/digest.ts";
import { archiveLinks, directoryLinks, type Link, linksFor } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";
import { bundleTypeOf } from "../programs/bundle-type.ts";
import { openPackageSource } from "../sources/open-source.ts";
import { type VerifiedPackage, verifyPackage } from "../verify/package.ts";
import { executablesOf } from "./archive-programs.ts";
import { type Command, checkCommands, noCommand } from "./check-commands.ts";
import { programsOf } from "./directory-programs.ts";
import { type Fetched, fetchPackage } from "./fetch-package.ts";
import type { ArchiveLayout } from "./lay-out.ts";
import { obtainBottle } from "./obtain-bottle.ts";
import type { ObtainContext, ObtainedPackage } from "./obtained-package.ts";
import { packageInStore } from "./stored-package.ts";
import { isDirectoryPackage, unpackPackage } from "./unpack-package.ts";

/** How often an archive is fetched that others discard. */
const MOST_ATTEMPTS = 5;

/**
 * Fetches, verifies and unpacks one package into the store, and places nothing. A package that is
 * installed, and whose evidence is recorded in full, is verified again from the store without a request. A bottle
 * is unpacked while it arrives.
 *
 * @throws {PkgError} OFFLINE; those of the place, of the store, of verifyPackage, of unpackPackage, and of checkCommands
 */
export async function obtainPackage(
  context: ObtainContext,
  resolution: Resolution,
  attempts = MOST_ATTEMPTS,
): Promise<ObtainedPackage> {
  if (resolution.origin.kind === "bottle") return obtainBottle(context, resolution);
  const { fetched, checked } = (await verifyStored(context, resolution)) ?? (await verifyFetched(context, resolution));
  const verified = await unpackPackage(context, checked, layoutOf(resolution)).catch((error: unknown) => {
    // Another process that installs the same has discarded the archive once it was done with it.
    const isGone = archivesOf(checked).some(({ digest }) => !context.blobs.has(digest));
    if (!isGone || attempts === 1) throw error;
    return null;
  });
  if (verified === null) return obtainPackage(context, resolution, attempts - 1);
  const links = await linksOf(context, { resolution, verified, links: fetched.links });
  const type = await typeOf(context, resolution, verified);
  return { resolution: { ...resolution, type }, verified, links, receivedBytes: fetched.receivedBytes, keg: null };
}

/** What is placed of a download; null: a package in a registry says it itself. */
function layoutOf({ name, origin }: Resolution): ArchiveLayout | null {
  return origin.kind === "download" ? { name, mapped: origin.mapped } : null;
}

/** The type of a package, as its content shows it, or else as its index says. */
async function typeOf(
  { blobs }: Pick<ObtainContext, "blobs">,
  { type }: Resolution,
  { files }: VerifiedPackage,
): Promise<string> {
  const [only, ...others] = files;
  if (only === undefined || others.length > 0) return type;
  return (await bundleTypeOf(blobs.pathOf(only.digest), type)) ?? type;
}

type Unlinked = Omit<ObtainedPackage, "receivedBytes" | "keg">;

/** The links that lead to programs of this machine. */
async function linksOf(context: ObtainContext, unlinked: Unlinked): Promise<readonly Link[]> {
  const { resolution, verified } = unlinked;
  try {
    return await checkCommands(context, resolution, await commandsOf(context, unlinked));
  } catch (error) {
    context.discard([...archivesOf(verified), ...verified.files]);
    throw error;
  }
}

/** Archives whose members are what is placed; a reinstall fetches them again. */
export function archivesOf({ fetched, files }: VerifiedPackage): readonly StoredBlob[] {
  const archives = fetched.programs.filter(({ archive }) => archive === true).map(({ blob }) => blob);
  // A download that is no archive is placed itself.
  return archives.filter((blob) => !files.some(({ digest }) => digest === blob.digest));
}

interface Checked {
  readonly fetched: Fetched;
  readonly checked: VerifiedPackage;
}

/** Null when the store is not enough: the policy may now require documents that were not fetched before. */
async function verifyStored(context: ObtainContext, resolution: Resolution): Promise<Checked | null> {
  const fetched = await packageInStore(context, resolution);
  if (fetched === null) return null;
  try {
    return { fetched, checked: verifyPackage(fetched.package, resolution.policy) };
  } catch (error) {
    if (hasCode(error, "CHECKSUM_MISSING", "SIGNATURE_MISSING", "PROVENANCE_MISSING")) return null;
    throw error;
  }
}

async function verifyFetched(context: ObtainContext, resolution: Resolution): Promise<Checked> {
  const fetched = await fetchFrom(context, resolution);
  context.emit({ kind: "task-step", id: resolution.name, step: "verify" });
  try {
    return { fetched, checked: verifyPackage(fetched.package, resolution.policy) };
  } catch (error) {
    context.discard(fetched.package.programs.map(({ blob }) => blob));
    throw error;
  }
}

async function fetchFrom(context: ObtainContext, resolution: Resolution): Promise<Fetched> {
  const source = await openPackageSource(context.sources, resolution);
  try {
    return await fetchPackage(context, source, resolution);
  } finally {
    await source.close();
  }
}

/** The commands that a package would have, and the title of the one that it cannot do without; null: any will do. */
async function commandsOf(context: ObtainContext, unlinked: Unlinked) {
  const { resolution, verified } = unlinked;
  const layout = layoutOf(resolution);
  // What comes out of an image was found in its layers already.
  if (resolution.origin.kind === "image")
    return { commands: commandsAlone(unlinked), main: unlinked.links[0]?.title ?? null };
  if (layout !== null && isDirectoryPackage(verified)) return commandsOfDownload(context, unlinked, layout);
  if (isDirectoryPackage(verified)) return { commands: commandsInside(context, unlinked), main: null };
  return { commands: commandsAlone(unlinked), main: verified.fetched.programs[0]?.title ?? null };
}

/** Of a download: the file that it is, or the programs that its map places, or those that its archive holds. */
async function commandsOfDownload(context: ObtainContext, unlinked: Unlinked, { name, mapped }: ArchiveLayout) {
  const { resolution, verified } = unlinked;
  const { files } = verified;
  if (mapped.length === 0 && files.length === 1 && files[0]?.path === name) {
    const links = linksFor({ name, main: name, provides: resolution.provides }, [name]);
    return { commands: commandsAlone({ ...unlinked, links }), main: name };
  }
  if (mapped.some(({ to }) => to.startsWith("bin/")))
    return { commands: commandsInside(context, unlinked), main: null };
  const programs = await executablesOf(context.blobs, files, ({ digest }) => readText(context.blobs, digest));
  const links = archiveLinks(resolution, [...programs.keys()]);
  if (links.length === 0) throw noCommand(resolution, [...programs.keys()], "its archive");
  return { commands: links.flatMap((link) => withDigest(link, programs.get(link.title)?.digest)), main: null };
}

/** Programs that come as files of their own. */
function commandsAlone({ verified: { files }, links }: Unlinked): readonly Command[] {
  const digests = new Map(files.map(({ path, digest }) => [path, digest]));
  return links.flatMap((link) => withDigest(link, digests.get(link.title)));
}

/** A directory's links lead to the programs in its `bin`. */
function commandsInside({ blobs }: Pick<ObtainContext, "blobs">, { resolution, verified }: Unlinked) {
  const programs = programsOf(verified.files, ({ digest }) => readText(blobs, digest));
  const links = directoryLinks(resolution.provides, [...programs.keys()]);
  if (links.length === 0) throw noCommand(resolution, [...programs.keys()]);
  return links.flatMap((link) => withDigest(link, programs.get(basename(link.title))?.digest));
}

function withDigest(link: Link, digest: Digest | undefined): readonly Command[] {
  return digest === undefined ? [] : [{ link, digest }];
}

function readText(blobs: BlobStore, digest: Digest): string {
  return readLocalFileSync(blobs.pathOf(digest)).toString("utf8");
}
