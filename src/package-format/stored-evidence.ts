import { type Manifest, parseManifestDocument } from "../oci/manifest.ts";
import type { WrittenFacts } from "../package/facts.ts";
import { entryTitle } from "../package/file-names.ts";
import type { Installation } from "../package/installation.ts";

/** The signed facts that an installation was verified by; null when there were none. */
export function storedFacts({ name, evidence }: Installation): WrittenFacts | null {
  const title = entryTitle(name);
  const signature = evidence.signatures[title];
  return evidence.entry === null || signature === undefined ? null : { title, bytes: evidence.entry, signature };
}

/** The manifest that an installation was verified by, its bytes hashed again; null when there was none. */
export function storedManifest(installed: Installation): Manifest | null {
  if (installed.evidence.manifest === null) return null;
  const document = parseManifestDocument(installed.evidence.manifest, null, installed.manifestDigest);
  return document.kind === "manifest" ? document.manifest : null;
}
