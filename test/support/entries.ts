import { sha256Digest } from "../../src/oci/digest.ts";
import type { Machine } from "../../src/package/machine.ts";
import type { IndexedPackage, PackageEntry } from "../../src/package/metadata.ts";

/** A typical machine. */
export const MACHINE: Machine = { host: "x86_64-linux", libcs: ["static", "glibc"] };

/** An entry as an index might hold it, with the facts a test cares about set. */
export function makeEntry(facts: Partial<PackageEntry> = {}): PackageEntry {
  const name = facts.name ?? "trurl";
  return {
    name,
    recipe: `${name}.static`,
    family: name,
    id: `example.${name}`,
    type: "static",
    version: "1.0.0",
    host: "x86_64-linux",
    libc: null,
    description: `The ${name} of the tests`,
    disabled: false,
    installable: true,
    deprecated: false,
    artifact: {
      kind: "oci",
      reference: `ghcr.io/tools/${name}:1.0.0`,
      blob: sha256Digest("a".repeat(64)),
      files: [name],
      manifest: null,
    },
    sizeBytes: 100,
    sha256: "a".repeat(64),
    blake3: null,
    aliases: [],
    provides: [],
    dependencies: [],
    keg: null,
    snapshots: [],
    homepages: [],
    sources: [],
    licenses: [],
    maintainers: [],
    notes: [],
    categories: [],
    tags: [],
    replaces: [],
    rank: null,
    downloads: null,
    buildDate: null,
    ...facts,
  };
}

export function makeIndexed(repository: string, facts: Partial<PackageEntry> = {}): IndexedPackage {
  return { repository, entry: makeEntry(facts) };
}
