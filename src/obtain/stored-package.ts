import type { StoredBlob } from "../blobs/blob-store.ts";
import { EXECUTABLE_BITS } from "../fs/modes.ts";
import { ownLinks } from "../package/alias-links.ts";
import { isMadeFile } from "../package/holdings.ts";
import type { Installation, InstalledFile } from "../package/installation.ts";
import { NO_EXPECTATION, neededHashes } from "../package/policy.ts";
import type { Link } from "../package/provides.ts";
import { titlesOf } from "../package-format/package-files.ts";
import { storedFacts, storedManifest } from "../package-format/stored-evidence.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { FetchedPackage, FetchedProgram } from "../verify/fetched-package.ts";
import type { Fetched } from "./fetch-package.ts";
import { recordsOf, type StoreContext } from "./stored-records.ts";

/**
 * The package as it was fetched for what is installed, or was before, its bytes hashed again; null when that was another package,
 * or when the store no longer holds all of it; what came in an archive, archiveInStore() has.
 */
export async function packageInStore(context: StoreContext, resolution: Resolution): Promise<Fetched | null> {
  for (const installed of recordsOf(context, resolution)) {
    const found = await fetchedFor(context, resolution, installed);
    if (found !== null) return found;
  }
  return null;
}

async function fetchedFor(
  { blobs, signal }: StoreContext,
  resolution: Resolution,
  installed: Installation,
): Promise<Fetched | null> {
  if (!installed.files.some(({ digest }) => digest === installed.programDigest)) return null;
  // What came out of an archive, or was mapped, has no evidence of its own.
  const files = installed.files.filter(({ path }) => !isMadeFile(path));
  if (files.some(({ path }) => path.includes("/"))) return null;
  const programs: FetchedProgram[] = [];
  for (const file of files) {
    const blob = await blobs.reopen(file.digest, neededHashes(resolution.policy, resolution.expected), signal);
    if (blob === null) return null;
    programs.push(programFrom(installed, file, { blob, resolution }));
  }
  return {
    package: packageFrom(installed, resolution, programs),
    links: linksOf(installed, resolution),
    receivedBytes: 0,
  };
}

function programFrom(
  { programDigest, evidence }: Installation,
  { path, digest, mode }: InstalledFile,
  { blob, resolution }: { readonly blob: StoredBlob; readonly resolution: Resolution },
): FetchedProgram {
  const expected = digest === programDigest ? resolution.expected : NO_EXPECTATION;
  // Only programs are executable among files that come by themselves.
  const companion = (mode & EXECUTABLE_BITS) === 0 ? { isCompanion: true as const } : {};
  return { title: path, blob, signature: evidence.signatures[path] ?? null, expected, ...companion };
}

function packageFrom(
  installed: Installation,
  { facts }: Resolution,
  programs: readonly FetchedProgram[],
): FetchedPackage {
  const { checksum, checksumSignature } = installed.evidence;
  // Bundles are not kept: if the policy requires provenance, it is fetched again.
  return {
    ...{ name: installed.name, manifest: storedManifest(installed), programs, checksum, checksumSignature },
    provenance: null,
    facts: facts?.written ?? storedFacts(installed),
    wantedFacts: facts,
  };
}

/** The links that it has; a dependency has none, so it gets those that it was published with. */
function linksOf(installed: Installation, resolution: Resolution): readonly Link[] {
  if (installed.isDependency) return titlesOf(resolution, storedManifest(installed)).links;
  return ownLinks(installed);
}
