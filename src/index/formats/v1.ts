import { hasCode } from "../../errors.ts";
import { type V1Entry, validatePackage } from "../../generated/index-schema.js";
import { type Digest, parseDigest } from "../../oci/digest.ts";
import { parseReference } from "../../oci/reference.ts";
import type { PackageEntry } from "../../package/metadata.ts";
import { mainBlob } from "../oci-artifact.ts";
import { describeSchemaError } from "../schema-error.ts";
import { readCommonFields } from "./common-fields.ts";
import type { EntryFormat } from "./entry-format.ts";

/** The first version of the format, under a signed header; nothing in it has to be guessed. */
export const V1: EntryFormat = {
  name: "v1",
  detects: (_value, document) => document === "v1",
  decode: (value) => {
    if (!validatePackage(value)) return { kind: "skipped", reason: describeSchemaError(validatePackage.errors) };
    if (!isReference(value.ghcr_pkg)) {
      return { kind: "skipped", reason: `ghcr_pkg: "${value.ghcr_pkg}" is not a reference` };
    }
    const blob = mainBlob([value.ghcr_blob], value.shasum);
    if (blob.kind === "contradiction") return { kind: "skipped", reason: blob.reason };
    return { kind: "entry", entry: entryOf(value, blob.digest) };
  },
};

function entryOf(fields: V1Entry, blob: Digest | null): PackageEntry {
  return {
    ...readCommonFields(fields),
    name: fields.pkg_name,
    recipe: fields.pkg,
    version: fields.version,
    host: fields.host.toLowerCase(),
    libc: fields.libc ?? null,
    artifact: {
      kind: "oci",
      reference: fields.ghcr_pkg,
      blob,
      files: fields.ghcr_files ?? [],
      manifest: fields.manifest_digest === undefined ? null : parseDigest(fields.manifest_digest),
    },
    sizeBytes: fields.size_raw,
    snapshots: [],
    buildDate: fields.build_date ?? null,
  };
}

function isReference(text: string): boolean {
  try {
    parseReference(text);
    return true;
  } catch (error) {
    if (hasCode(error, "REFERENCE_INVALID", "DIGEST_INVALID")) return false;
    throw error;
  }
}
