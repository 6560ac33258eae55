import { hasCode } from "../../errors.ts";
import { type V1Entry, validatePackage } from "../../generated/index-schema.js";
import { parseDigest } from "../../oci/digest.ts";
import { parseReference } from "../../oci/reference.ts";
import type { PackageEntry } from "../../package/metadata.ts";
import { readProvides, readText, readUrls } from "../fields.ts";
import { mainBlob } from "../oci-artifact.ts";
import { describeSchemaError } from "../schema-error.ts";
import type { Decoded } from "./decoded.ts";

/** Decodes an entry of the first version, which says everything outright. */
export function decodeV1(value: unknown): Decoded {
  if (!validatePackage(value)) return { kind: "skipped", reason: describeSchemaError(validatePackage.errors) };
  if (!isReference(value.ghcr_pkg)) {
    return { kind: "skipped", reason: `ghcr_pkg: "${value.ghcr_pkg}" is not a reference` };
  }
  const blob = mainBlob([value.ghcr_blob], value.shasum);
  if (blob.kind === "contradiction") return { kind: "skipped", reason: blob.reason };
  return {
    kind: "entry",
    entry: {
      ...describe(value),
      artifact: {
        kind: "oci",
        reference: value.ghcr_pkg,
        blob: blob.digest,
        files: value.ghcr_files ?? [],
        manifest: value.manifest_digest === undefined ? null : parseDigest(value.manifest_digest),
      },
    },
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

function describe(fields: V1Entry): Omit<PackageEntry, "artifact"> {
  return {
    name: fields.pkg_name,
    recipe: fields.pkg,
    family: readText(fields.pkg_family),
    id: fields.pkg_id,
    type: fields.pkg_type,
    version: fields.version,
    host: fields.host.toLowerCase(),
    libc: fields.libc ?? null,
    description: readText(fields.description),
    disabled: fields._disabled ?? false,
    installable: fields.installable ?? true,
    deprecated: fields.deprecated ?? false,
    sizeBytes: fields.size_raw,
    sha256: fields.shasum,
    blake3: fields.bsum,
    provides: readProvides(fields.provides),
    snapshots: [],
    homepages: readUrls(fields.homepage),
    sources: readUrls(fields.src_url),
    licenses: fields.license ?? [],
    maintainers: fields.maintainer ?? [],
    notes: fields.note ?? [],
    categories: fields.category ?? [],
    tags: fields.tag ?? [],
    replaces: fields.replaces ?? [],
    rank: fields.rank ?? null,
    downloads: fields.download_count ?? null,
    buildDate: fields.build_date ?? null,
  };
}
