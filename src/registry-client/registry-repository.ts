import type { ManifestKey, Target } from "../oci/content.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { formatReference, type Reference } from "../oci/reference.ts";
import type { RegistryClient } from "./registry-client.ts";

/**
 * The repository that a reference names, without its tag and digest, as a place to read from and write to.
 *
 * @param attempts how often a manifest is asked for at most; as long as the client's policy says unless given
 */
export function registryRepository(client: RegistryClient, reference: Reference, attempts?: number): Target {
  const repository: Reference = { ...reference, tag: null, digest: null };
  const at = (key: ManifestKey): Reference =>
    isDigest(key) ? { ...repository, digest: key } : { ...repository, tag: key };
  const by = (digest: Digest): Reference => ({ ...repository, digest });
  return {
    location: formatReference(repository),
    resolve: (key, signal) => client.resolve(at(key), signal),
    fetchManifest: (key, signal, options) => client.fetchManifest(at(key), signal, options?.attempts ?? attempts),
    fetchDocument: (key, signal) => client.fetchDocument(at(key), signal),
    openBlob: (blob, position, signal) => client.openBlob({ reference: repository, ...blob, ...position, signal }),
    listTags: (signal) => client.listTags(repository, signal),
    listReferrers: (subject, filter, signal) =>
      client.listReferrers({ reference: repository, subject, ...filter, signal }),
    pushBlob: (blob, signal) => client.pushBlob(repository, blob, signal),
    pushManifest: (manifest, signal) => client.putManifest(repository, manifest, signal),
    hasBlob: async (blob, signal) => (await client.headBlob({ reference: repository, ...blob, signal })) !== null,
    hasManifest: (digest, signal) => client.hasManifest(by(digest), signal),
    deleteManifest: (key, signal) => client.deleteManifest(at(key), signal),
    deleteBlob: (digest, signal) => client.deleteBlob(repository, digest, signal),
  };
}
