import { basename } from "node:path";
import type { BlobStore, StoredBlob } from "../blobs/blob-store.ts";
import { hasCode } from "../errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import type { Digest } from "../oci/digest.ts";
import { directoryLinks, type Link } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { RunningPlace } from "../programs/judge-program.ts";
import { openPackageSource } from "../sources/open-source.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { Installations } from "../state/installations.ts";
import { type VerifiedPackage, verifyPackage } from "../verify/package.ts";
import { type Command, checkCommands, noCommand } from "./check-commands.ts";
import { programsOf } from "./directory-programs.ts";
import { type FetchContext, type Fetched, fetchPackage } from "./fetch-package.ts";
import { packageInStore } from "./stored-package.ts";
import { isDirectoryPackage, unpackPackage } from "./unpack-package.ts";

/** What obtaining packages needs. Nothing in it can place anything. */
export interface ObtainContext extends FetchContext {
  readonly sources: SourceContext;
  readonly installations: Installations;
  /** Where its programs have to run. */
  readonly place: RunningPlace;
}

/** A package whose verified bytes are in the store. */
export interface ObtainedPackage {
  readonly resolution: Resolution;
  /** With the members of its archive, if it came in one. */
  readonly verified: VerifiedPackage;
  readonly links: readonly Link[];
  /** Bytes that came over the network. */
  readonly receivedBytes: number;
}

/** How often an archive is fetched that others discard. */
const MOST_ATTEMPTS = 5;

/**
 * Fetches, verifies and unpacks one package into the store, and places nothing. A package that is
 * installed, and whose evidence is recorded in full, is verified again from the store without a request.
 *
 * @throws {PkgError} OFFLINE; those of the place, of the store, of verifyPackage, of unpackPackage, and of checkCommands
 */
export async function obtainPackage(
  context: ObtainContext,
  resolution: Resolution,
  attempts = MOST_ATTEMPTS,
): Promise<ObtainedPackage> {
  const { fetched, checked } = (await verifyStored(context, resolution)) ?? (await verifyFetched(context, resolution));
  const verified = await unpackPackage(context, checked).catch((error: unknown) => {
    // Another process that installs the same has discarded the archive once it was done with it.
    const isGone = archivesOf(checked).some(({ digest }) => !context.blobs.has(digest));
    if (!isGone || attempts === 1) throw error;
    return null;
  });
  if (verified === null) return obtainPackage(context, resolution, attempts - 1);
  const links = await linksOf(context, { resolution, verified, links: fetched.links });
  return { resolution, verified, links, receivedBytes: fetched.receivedBytes };
}

type Unlinked = Omit<ObtainedPackage, "receivedBytes">;

/** The links that lead to programs of this machine. */
async function linksOf(context: ObtainContext, unlinked: Unlinked): Promise<readonly Link[]> {
  const { resolution, verified } = unlinked;
  try {
    const isDirectory = isDirectoryPackage(verified);
    const commands = isDirectory ? commandsInside(context, unlinked) : commandsAlone(unlinked);
    const main = isDirectory ? null : (verified.fetched.programs[0]?.title ?? null);
    return await checkCommands(context, resolution, { commands, main });
  } catch (error) {
    context.discard([...archivesOf(verified), ...verified.files]);
    throw error;
  }
}

/** Archives whose members are what is placed; a reinstall fetches them again. */
export function archivesOf({ fetched }: VerifiedPackage): readonly StoredBlob[] {
  return fetched.programs.filter(({ archive }) => archive === true).map(({ blob }) => blob);
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
