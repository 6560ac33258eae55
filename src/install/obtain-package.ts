import type { BlobStore, StoredBlob } from "../blobs/blob-store.ts";
import { hasCode } from "../errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { directoryLinks, type Link } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";
import { openPackageSource } from "../sources/open-source.ts";
import type { SourceContext } from "../sources/source-context.ts";
import type { Installations } from "../state/installations.ts";
import { type VerifiedPackage, verifyPackage } from "../verify/package.ts";
import { programsOf } from "./directory-programs.ts";
import { type FetchContext, type Fetched, fetchPackage } from "./fetch-package.ts";
import { packageInStore } from "./stored-package.ts";
import { isDirectoryPackage, unpackPackage } from "./unpack-package.ts";

/** What obtaining packages needs. Nothing in it can place anything. */
export interface ObtainContext extends FetchContext {
  readonly sources: SourceContext;
  readonly installations: Installations;
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

/**
 * Fetches, verifies and unpacks one package into the store, and places nothing. A package that is
 * installed, and whose evidence is recorded in full, is verified again from the store without a request.
 *
 * @throws {PkgError} OFFLINE; those of the place, of the store, of verifyPackage, and of unpackPackage
 */
export async function obtainPackage(context: ObtainContext, resolution: Resolution): Promise<ObtainedPackage> {
  const { fetched, checked } = (await verifyStored(context, resolution)) ?? (await verifyFetched(context, resolution));
  const verified = await unpackPackage(context, checked);
  const links = isDirectoryPackage(verified) ? linksInside(context, resolution, verified) : fetched.links;
  return { resolution, verified, links, receivedBytes: fetched.receivedBytes };
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

/** A directory's links lead to the programs in its `bin`. */
function linksInside(
  { blobs, emit }: Pick<ObtainContext, "blobs" | "emit">,
  { name, provides }: Resolution,
  { files }: VerifiedPackage,
): readonly Link[] {
  const programs = programsOf(files, ({ digest }) => readText(blobs, digest));
  const links = directoryLinks(provides, programs);
  if (links.length === 0) {
    emit({ kind: "note", message: `${name} has no program in its directory bin: nothing is linked` });
  }
  return links;
}

function readText(blobs: BlobStore, digest: StoredBlob["digest"]): string {
  return readLocalFileSync(blobs.pathOf(digest)).toString("utf8");
}
