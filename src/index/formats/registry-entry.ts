import { hasCode } from "../../errors.ts";
import type { G1Entry, G2Entry } from "../../generated/index-schema.js";
import type { Digest } from "../../oci/digest.ts";
import type { PackageEntry } from "../../package/metadata.ts";
import { readCount, readText, readTexts } from "../fields.ts";
import { artifactReference, mainBlob, readSnapshot } from "../oci-artifact.ts";
import { readCommonFields } from "./common-fields.ts";
import type { Decoded } from "./entry-format.ts";

/** Builds the entry of a package that lives in a registry, from fields that fit their schema. */
export function buildRegistryEntry(fields: G1Entry | G2Entry, defaultHost: string): Decoded {
  const blob = mainBlob(readTexts(fields.ghcr_blob), fields.shasum ?? null);
  if (blob.kind === "contradiction") return { kind: "skipped", reason: blob.reason };
  const host = readText(fields.host).toLowerCase();
  const reference = readReference(fields, host === "" ? defaultHost : host);
  if (reference === null) return { kind: "skipped", reason: `ghcr_pkg: "${fields.ghcr_pkg}" is not a reference` };
  return { kind: "entry", entry: entryOf(fields, host, reference, blob.digest) };
}

function readReference(fields: G1Entry | G2Entry, host: string): string | null {
  const recipe = fields.pkg ?? fields.pkg_name ?? "";
  try {
    return artifactReference({ text: fields.ghcr_pkg, recipe, version: fields.version, host });
  } catch (error) {
    if (hasCode(error, "REFERENCE_INVALID", "DIGEST_INVALID")) return null;
    throw error;
  }
}

function entryOf(fields: G1Entry | G2Entry, host: string, reference: string, blob: Digest | null): PackageEntry {
  const files = fields.ghcr_files ?? [];
  return {
    ...readCommonFields(fields),
    name: fields.pkg_name ?? fields.pkg ?? "",
    recipe: fields.pkg ?? fields.pkg_name ?? "",
    version: fields.version,
    host,
    libc: null,
    artifact: { kind: "oci", reference, blob, files, manifest: null },
    sizeBytes: readMainSize(fields, files.length),
    snapshots: (fields.snapshots ?? []).map((text) => readSnapshot(text, host)).filter((snapshot) => snapshot !== null),
    buildDate: fields.build_date ?? null,
  };
}

/** The main file's size; null where a generator wrote the size of all of several files in its place. */
function readMainSize(fields: G1Entry | G2Entry, fileCount: number): number | null {
  const size = readCount(fields.size_raw);
  return fileCount > 1 && size === readCount(fields.ghcr_size_raw) ? null : size;
}
