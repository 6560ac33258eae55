import type { KnownPackage } from "../../inspect/known-packages.ts";
import type { NamedInfo } from "../../inspect/named-info.ts";
import type { PackageEntry } from "../../package/metadata.ts";

/** What is known about a name, as `--json` shows it. */
export function infoDocument({ name, packages, installed, ...more }: NamedInfo) {
  return { name, available: packages.map(describePackage), installed, ...more };
}

function describePackage({ repository, entry, ...more }: KnownPackage) {
  return { repository, ...describeEntry(entry), ...more };
}

/** An entry of an index: digests with their algorithm, and where it is in one form for all kinds of place. */
function describeEntry({ sha256, blake3, buildDate, artifact, keg, ...facts }: PackageEntry) {
  return {
    ...facts,
    // As the text says it: proof of who built a bottle is not asked for yet.
    keg: keg === null ? null : { ...keg, builderChecked: false },
    digest: sha256 === null ? null : `sha256:${sha256}`,
    blake3Digest: blake3 === null ? null : `blake3:${blake3}`,
    builtAt: buildDate,
    reference: artifact.kind === "oci" ? artifact.reference : null,
    manifestDigest: artifact.kind === "oci" ? artifact.manifest : null,
    url: artifact.kind === "http" ? artifact.url : null,
  };
}
