import { createHash } from "node:crypto";
import { type Digest, sha256Digest } from "../../src/oci/digest.ts";
import type { Installation } from "../../src/package/installation.ts";
import type { Intent } from "../../src/state/intent.ts";
import type { Journal } from "../../src/state/journal.ts";

export function digestOf(text: string): Digest {
  return sha256Digest(createHash("sha256").update(text).digest("hex"));
}

/** An installation of one program with one link, `name` for both. */
export function sampleInstallation(name: string, changes: Partial<Installation> = {}): Installation {
  const version = changes.version ?? "1.0";
  const digest = digestOf(`${name} ${version}`);
  return {
    name,
    version,
    ...{ packageName: name, wish: "1", isPinned: false, unlinked: [] },
    repository: "sample",
    owner: null,
    packageId: `example.org.${name}`,
    family: name,
    type: "static",
    reference: `127.0.0.1:5000/sample/${name}:${version}`,
    manifestDigest: digestOf(`manifest of ${name} ${version}`),
    programDigest: digest,
    sizeBytes: 5,
    directory: `${name}/${version}-${digest.slice(7, 19)}`,
    files: [{ path: name, digest, size: 5, mode: 0o755, blake3: "b3".repeat(32) }],
    links: [{ path: name, target: name, kind: "link" }],
    taken: [],
    checks: ["digest", "checksum"],
    skipped: ["signature"],
    signedBy: "0123456789ABCDEF",
    provenance: null,
    publisherKey: null,
    signedAs: null,
    ...{ dependencies: [], isDependency: false, keg: null, image: null },
    installedAt: "2026-01-02T03:04:05.000Z",
    requested: `${name}@1`,
    expected: { sha256: digest.slice(7), blake3: null, sizeBytes: 5 },
    evidence: {
      manifest: Buffer.from([0, 1, 2, 255]),
      checksum: Buffer.from("CHECKSUM"),
      checksumSignature: null,
      entry: null,
      signatures: { [name]: Buffer.from("signature"), __proto__x: Buffer.from("") },
    },
    ...changes,
  };
}

/** The fields of an intent that a test is not about. */
export const EMPTY_INTENT: Intent = {
  installs: [],
  removals: [],
  renewals: [],
  links: [],
  unlinks: [],
  draft: ".pkg-1",
};

/** Records an installation, as if it had been placed. */
export function recordSample(journal: Journal, installation: Installation): void {
  const intent = { ...EMPTY_INTENT, renewals: [installation] };
  const id = journal.begin(intent);
  journal.commit(id, intent, { directories: [], digests: [] });
  journal.finish(id);
}
