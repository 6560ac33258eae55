import { PkgError } from "../errors.ts";
import type { ManifestKey, Target } from "../oci/content.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { formatReference, isTag, type Reference } from "../oci/reference.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Makes a Target of the repository that a reference names; its tag and digest are ignored. */
export function registryRepository(client: RegistryClient, reference: Reference): Target {
  const repository: Reference = { ...reference, tag: null, digest: null };
  const at = (key: ManifestKey): Reference => referenceTo(repository, key);
  const by = (digest: Digest): Reference => ({ ...repository, digest });
  return {
    location: formatReference(repository),
    resolve: async (key, signal) => client.resolve(at(key), signal),
    fetchManifest: async (key, signal, options) => client.fetchManifest(at(key), signal, options?.attempts),
    fetchDocument: async (key, signal) => client.fetchDocument(at(key), signal),
    openBlob: (blob, position, signal) => client.openBlob({ reference: repository, ...blob, ...position, signal }),
    listTags: (signal) => client.listTags(repository, signal),
    listReferrers: (subject, filter, signal) =>
      client.listReferrers({ reference: repository, subject, ...filter, signal }),
    pushBlob: (blob, signal) => client.pushBlob(repository, blob, signal),
    pushManifest: async (manifest, signal) => {
      checkTag(repository, manifest.tag);
      return client.putManifest(repository, manifest, signal);
    },
    hasBlob: async (blob, signal) => (await client.headBlob({ reference: repository, ...blob, signal })) !== null,
    hasManifest: (digest, signal) => client.hasManifest(by(digest), signal),
    deleteManifest: async (key, signal) => client.deleteManifest(at(key), signal),
    deleteBlob: (digest, signal) => client.deleteBlob(repository, digest, signal),
  };
}

function referenceTo(repository: Reference, key: ManifestKey): Reference {
  if (isDigest(key)) return { ...repository, digest: key };
  checkTag(repository, key);
  return { ...repository, tag: key };
}

/**
 * A tag becomes part of a URL, where any other text could lead to another repository.
 *
 * @throws {PkgError} REFERENCE_INVALID
 */
function checkTag(repository: Reference, tag: string | null): void {
  if (tag === null || isTag(tag)) return;
  throw new PkgError("REFERENCE_INVALID", `Cannot use "${tag}" in "${formatReference(repository)}": it is not a tag`, {
    hint: "A tag has at most 128 letters, digits, _, . and -; a digest looks like sha256: followed by 64 hex characters",
  });
}
