import type { StoredBlob } from "../blobs/blob-store.ts";
import { hasCode, PkgError } from "../errors.ts";
import { EXECUTABLE_BITS } from "../fs/modes.ts";
import type { InstalledFile } from "../package/installation.ts";
import type { Link } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";
import { bundleTypeOf, programTypeOf } from "../programs/bundle-type.ts";
import { openPackageSource } from "../sources/open-source.ts";
import { isDirectoryPackage, unpackPackage } from "../unpack/unpack-package.ts";
import { type VerifiedPackage, verifyPackage, withMembers } from "../verify/package.ts";
import { checkCommands } from "./check-commands.ts";
import { type Fetched, fetchPackage } from "./fetch-package.ts";
import { withMadeFiles } from "./make-files.ts";
import { obtainBottle } from "./obtain-bottle.ts";
import type { ObtainContext, ObtainedPackage } from "./obtained-package.ts";
import { commandsOf, type Linkable, layoutOf } from "./package-commands.ts";
import { archiveInStore } from "./stored-archive.ts";
import { packageInStore } from "./stored-package.ts";

/** How many times an archive is fetched that other processes keep discarding. */
const MOST_ATTEMPTS = 5;

/**
 * Fetches, verifies and unpacks one package into the store, and places nothing. A package that is
 * installed, or was before, and whose evidence is recorded in full, is verified again from the store without a request. A bottle
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
  const { fetched, checked, members } =
    (await verifyStored(context, resolution)) ??
    (await verifyArchive(context, resolution)) ??
    (await verifyFetched(context, resolution));
  const unpacked =
    members === undefined
      ? unpackPackage(context, checked, layoutOf(resolution))
      : withMembers(checked, async () => members);
  const verified = await unpacked.catch((error: unknown) => {
    // Another process that installs the same has discarded the archive once it was done with it.
    const isGone = archivesOf(checked).some(({ digest }) => !context.blobs.has(digest));
    if (!isGone || attempts === 1) throw error;
    return null;
  });
  if (verified === null) return obtainPackage(context, resolution, attempts - 1);
  const main = isDirectoryPackage(verified) ? null : (verified.fetched.programs[0]?.title ?? null);
  const unlinked = { resolution, files: verified.files, links: fetched.links, main };
  const links = await linksOf(context, unlinked, verified);
  const type = await typeOf(context, resolution, verified);
  const appImage = type.toLowerCase().endsWith("appimage") ? appImageIn(verified) : null;
  const whole = await withMadeFiles(context, verified, { name: resolution.name, links, appImage });
  return {
    resolution: { ...resolution, type },
    verified: whole,
    links,
    receivedBytes: fetched.receivedBytes,
    keg: null,
  };
}

/** The type of a package, as its content shows it, or else as its index says; a download's index may say nothing. */
async function typeOf(
  { blobs }: Pick<ObtainContext, "blobs">,
  { type, origin }: Resolution,
  { files, fetched }: VerifiedPackage,
): Promise<string> {
  const companions = new Set(fetched.programs.flatMap((item) => (item.isCompanion === true ? [item.title] : [])));
  const [only, ...others] = files.filter(({ path }) => !companions.has(path));
  const isUntold = type === "" && origin.kind === "download";
  if (only === undefined || others.length > 0) return isUntold ? "archive" : type;
  const path = blobs.pathOf(only.digest);
  return bundleTypeOf(path, type) ?? (isUntold ? await programTypeOf(path) : type);
}

/** The path of the program of a package that is one file. */
function appImageIn({ files }: VerifiedPackage): string | null {
  const programs = files.filter(({ mode }) => (mode & EXECUTABLE_BITS) !== 0);
  return programs.length === 1 ? (programs[0]?.path ?? null) : null;
}

/** The links that lead to programs of this machine; a dependency is not for people to run. */
async function linksOf(context: ObtainContext, files: Linkable, verified: VerifiedPackage): Promise<readonly Link[]> {
  if (files.resolution.isDependency) return [];
  try {
    return await checkCommands(context, files.resolution, await commandsOf(context.blobs, files));
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
  /** Of its archive, where that is not at hand and need not be. */
  readonly members?: readonly InstalledFile[];
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

/** Null when what was recorded is not enough: then it is fetched, which also says what is wrong with it. */
async function verifyArchive(context: ObtainContext, resolution: Resolution): Promise<Checked | null> {
  const stored = await archiveInStore(context, resolution);
  if (stored === null) return null;
  try {
    return { ...stored, checked: verifyPackage(stored.fetched.package, resolution.policy) };
  } catch (error) {
    if (error instanceof PkgError) return null;
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
