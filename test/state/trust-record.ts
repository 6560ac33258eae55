import { hashHex } from "../../src/base/hashes.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import type { TrustRecord } from "../../src/package/trust-record.ts";

/** What might be remembered of a repository, with what a test cares about set. */
export function trustRecord(facts: Partial<TrustRecord> = {}): TrustRecord {
  const { serial = 1 } = facts;
  return {
    name: "tools",
    url: "https://example.org/index.json.zst",
    repository: "example.org/tools",
    serial,
    digest: sha256Digest(hashHex("sha256", Buffer.from(`index ${serial}`))),
    issuedMs: 1_700_000_000_000,
    expiresMs: 1_800_000_000_000,
    keySet: { version: 1, threshold: 1, keys: ["RWQ109gKujRqohsA7RERlXFfeJi23EcHN3Dz8TxyPAywa5mLw/fbcbU4"] },
    givenKeys: [],
    pinnedMs: 1_700_000_000_123,
    ...facts,
  };
}
