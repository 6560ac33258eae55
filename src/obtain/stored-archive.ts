import { digestAlgorithm, digestHex } from "../oci/digest.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { ownLinks } from "../package/alias-links.ts";
import { isSameWish } from "../package/image.ts";
import type { Installation, InstalledFile } from "../package/installation.ts";
import { isMade } from "../package/policy.ts";
import { storedFacts, storedManifest } from "../package-format/stored-evidence.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { FetchedProgram } from "../verify/fetched-package.ts";
import type { Fetched } from "./fetch-package.ts";
import { filesInStore, hasPassed, recordsOf, type StoreContext } from "./stored-records.ts";

/** A package that came as an archive, which is not kept, and whose members are. */
export interface StoredArchive {
  readonly fetched: Fetched;
  readonly members: readonly InstalledFile[];
}

/**
 * The members of a packed directory, of an archive, or of the layers of an image, as they were taken out of it for what is
 * installed, or was before, hashed again; null when that was another package, when it has not passed what the policy requires
 * now, or when the store no longer holds all of it. Of a download, whose files a map names, the map is not recorded.
 */
export async function archiveInStore(context: StoreContext, resolution: Resolution): Promise<StoredArchive | null> {
  const { origin, policy } = resolution;
  if (origin.kind === "bottle" || (origin.kind === "download" && origin.mapped.length > 0)) return null;
  for (const recorded of recordsOf(context, resolution)) {
    if (!isArchive(recorded, resolution) || !hasPassed(recorded, policy)) continue;
    const archive = archiveOf(recorded, resolution);
    const members = archive === null ? null : await filesInStore(context, recorded);
    if (archive !== null && members !== null) return { fetched: fetchedAs(recorded, resolution, archive), members };
  }
  return null;
}

function isArchive({ files, programDigest, image }: Installation, { origin }: Resolution): boolean {
  if (files.some(({ digest }) => digest === programDigest)) return false;
  return origin.kind === "image" ? image !== null && isSameWish(origin.image, image) : image === null;
}

/** The archive, as far as it is known; null where a hash is wanted that was not recorded. */
function archiveOf(recorded: Installation, resolution: Resolution): FetchedProgram | null {
  const { programDigest, evidence, expected: then, signedBy, image } = recorded;
  const { expected, policy } = resolution;
  const manifest = storedManifest(recorded);
  const [title, size] = describedIn(manifest, recorded) ?? [resolution.name, null];
  const isHashKnown = expected.blake3 === null || then.blake3 !== null || !isMade(policy, "digest");
  if (!isHashKnown || digestAlgorithm(programDigest) !== "sha256") return null;
  const blake3 = then.blake3 === null ? {} : { blake3: then.blake3 };
  const hashes = { sha256: digestHex(programDigest), ...blake3 };
  return {
    title,
    blob: { digest: programDigest, size: size ?? expected.sizeBytes ?? then.sizeBytes ?? 0, hashes },
    signature: evidence.signatures[title] ?? null,
    expected,
    archive: true,
    recorded: { signedBy },
    ...(image === null ? {} : { layer: { diffId: programDigest, members: [], scripts: [] } }),
  };
}

function describedIn(manifest: Manifest | null, { programDigest, image }: Installation): [string, number] | null {
  if (manifest === null) return null;
  if (image !== null) {
    const layer = manifest.layers.find(({ digest }) => digest === programDigest);
    return layer === undefined ? null : ["layer", layer.size];
  }
  const [found] = [...layersByTitle(manifest)].filter(([, { digest }]) => digest === programDigest);
  return found === undefined ? null : [found[0], found[1].size];
}

function fetchedAs(recorded: Installation, { facts, origin }: Resolution, archive: FetchedProgram): Fetched {
  const { name, evidence } = recorded;
  const { checksum, checksumSignature } = evidence;
  return {
    package: {
      ...{ name, manifest: storedManifest(recorded), programs: [archive], checksum, checksumSignature },
      provenance: null,
      facts: facts?.written ?? storedFacts(recorded),
      wantedFacts: facts,
    },
    // The programs of an image are those that were found in its layers; others are found in their files.
    links: origin.kind === "image" ? ownLinks(recorded) : [],
    receivedBytes: 0,
  };
}
