import type { V1Entry } from "../../src/generated/index-schema.js";

/** The header of a v1 index that fits its schema; its key has signed nothing. */
export function v1Header() {
  return {
    format: 1,
    repository: "registry.example/me/index",
    serial: 7,
    issued: "2025-01-01T00:00:00Z",
    expires: "2025-02-01T00:00:00Z",
    key_sets: [
      {
        version: 1,
        threshold: 1,
        keys: ["RWQ109gKujRqohsA7RERlXFfeJi23EcHN3Dz8TxyPAywa5mLw/fbcbU4"],
        signatures: ["untrusted comment: none\n"],
      },
    ],
  };
}

/** An entry of a v1 index; a field that is set to undefined is left out of its JSON. */
export function v1Entry(name: string, more: Readonly<Record<string, unknown>> = {}): V1Entry {
  return {
    pkg: name,
    pkg_name: name,
    pkg_id: `registry.example.me.${name}`,
    pkg_type: "static",
    version: "1.0",
    host: "x86_64-linux",
    ghcr_pkg: `registry.example/me/${name}:1.0-x86_64-linux`,
    ghcr_blob: `registry.example/me/${name}@sha256:${"a".repeat(64)}`,
    ghcr_files: [name, "CHECKSUM"],
    ghcr_size_raw: 200,
    manifest_digest: `sha256:${"c".repeat(64)}`,
    size_raw: 100,
    shasum: "a".repeat(64),
    bsum: "b".repeat(64),
    provides: [name],
    ...more,
  };
}
