import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Digest, sha256Digest } from "../../src/oci/digest.ts";
import { readTrustedRoot } from "../../src/provenance/trusted-root.ts";
import { verifyProvenance } from "../../src/provenance/verify-provenance.ts";
import type { BundleDocument } from "../support/fake-sigstore.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

export const PROGRAM = "ab".repeat(32);
export const OTHER = "cd".repeat(32);
export const NOW = Date.UTC(2030, 0, 2);

export type Root = Awaited<ReturnType<typeof readTrustedRoot>>;

/** The root that a file of this content is. */
export function readRoot(test: Cleanup, content: unknown): Promise<Root> {
  const path = join(tempDirectory(test), "trusted_root.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return readTrustedRoot(path);
}

export function bytesOf(bundle: BundleDocument): Buffer {
  return Buffer.isBuffer(bundle) ? bundle : Buffer.from(JSON.stringify(bundle));
}

export function verify(
  trustedRoot: Root,
  bundle: BundleDocument,
  subjects: readonly Digest[] = [sha256Digest(PROGRAM)],
) {
  return verifyProvenance(bytesOf(bundle), { trustedRoot, subjects, what: "the bundle", now: NOW });
}
