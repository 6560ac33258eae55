import type { State } from "../capabilities/capabilities.ts";
import { type Manifest, parseManifestDocument } from "../oci/manifest.ts";
import type { Installation } from "../package/installation.ts";
import { neededHashes } from "../package/policy.ts";
import { compareBytes } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { FetchedProgram } from "../verify/fetched-package.ts";
import type { Fetched } from "./fetch.ts";

/**
 * The package as it was fetched for the installation that is there, its bytes hashed again;
 * null when that is another package or the store no longer holds it whole, as of a directory, whose archive is not kept.
 */
export async function fetchFromStore(
  state: State,
  resolution: Resolution,
  signal: AbortSignal,
): Promise<Fetched | null> {
  const installed = state.installations.get(resolution.name);
  if (installed === null || !isSamePackage(installed, resolution)) return null;
  if (!installed.files.some(({ digest }) => digest === installed.programDigest)) return null;
  const programs: FetchedProgram[] = [];
  for (const file of installed.files) {
    const blob = await state.blobs.reopen(file.digest, neededHashes(resolution.policy, resolution.expected), signal);
    if (blob === null) return null;
    const isMain = file.digest === installed.programDigest;
    programs.push({
      title: file.path,
      blob,
      signature: installed.evidence.signatures[file.path] ?? null,
      expected: isMain ? resolution.expected : { sha256: null, blake3: null, sizeBytes: null },
    });
  }
  return {
    package: {
      name: installed.name,
      manifest: storedManifest(installed),
      programs,
      checksum: installed.evidence.checksum,
      checksumSignature: installed.evidence.checksumSignature,
      // Its bundle is not kept: where the policy asks for one, it is fetched again.
      provenance: null,
    },
    links: installed.links.map(({ path, target }) => ({ title: target, link: path })),
    receivedBytes: 0,
  };
}

function isSamePackage(installed: Installation, resolution: Resolution): boolean {
  return (
    installed.repository === resolution.repository &&
    installed.packageId === resolution.packageId &&
    installed.version === resolution.version &&
    compareBytes(resolution.source, installed) === "same"
  );
}

/** The manifest that an installation was verified by, its bytes hashed again; null: there was none. */
export function storedManifest(installed: Installation): Manifest | null {
  if (installed.evidence.manifest === null) return null;
  const document = parseManifestDocument(installed.evidence.manifest, null, installed.manifestDigest);
  return document.kind === "manifest" ? document.manifest : null;
}
