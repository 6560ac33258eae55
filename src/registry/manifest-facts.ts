import { isObject } from "../base/json.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { parseManifestObject } from "./check-manifest.ts";
import { Problem } from "./problem.ts";
import type { StoredManifest } from "./stored-manifest.ts";

/** What a stored manifest says about itself where it is listed as a referrer. */
export interface ManifestFacts {
  readonly subject: Digest | null;
  /** Its `artifactType`, else its config's type; null when it has neither. */
  readonly artifactType: string | null;
}

/** The facts of a manifest; both are null when it cannot be read. */
export function factsOf(bytes: Buffer): ManifestFacts {
  const { subject, artifactType, config } = manifestObject(bytes);
  const digest = isObject(subject) ? subject["digest"] : undefined;
  const own = text(artifactType);
  return {
    subject: typeof digest === "string" && isDigest(digest) ? digest : null,
    artifactType: own ?? (isObject(config) ? text(config["mediaType"]) : null),
  };
}

/**
 * The descriptor of a manifest as the referrers API lists it.
 *
 * @see OCI distribution-spec 1.1, "Listing Referrers"
 */
export function describeReferrer(digest: Digest, { mediaType, bytes }: StoredManifest): Descriptor {
  const { artifactType } = factsOf(bytes);
  return {
    mediaType,
    digest,
    size: bytes.byteLength,
    ...(artifactType === null ? {} : { artifactType }),
    annotations: annotationsOf(manifestObject(bytes)["annotations"]),
  };
}

function annotationsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** A stored manifest; empty when it cannot be read. */
export function manifestObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    return parseManifestObject(bytes);
  } catch (error) {
    if (error instanceof Problem) return {};
    throw error;
  }
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
