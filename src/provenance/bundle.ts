import { type Bundle, bundleFromJSON, isBundleWithDsseEnvelope, isBundleWithPublicKey } from "@sigstore/bundle";
import { byteCount } from "../base/format-bytes.ts";
import { parseJson } from "../base/json.ts";
import { jsonProblem } from "../base/strict-json.ts";
import { PkgError } from "../errors.ts";
import { parseStatement, type Statement } from "./statement.ts";

/** A bundle holds one certificate, one statement and one log entry: some tens of kilobytes. */
export const MAX_BUNDLE_BYTES = 1024 * 1024;
const MAX_LOG_ENTRIES = 8;

const STATEMENT_TYPE = "application/vnd.in-toto+json";

/** The media types of bundles, v0.1 to v0.3 in both spellings; OCI artifacts of bundles and their layers have them. */
const BUNDLE_TYPE = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.[1-3]\+json|\+json;version=0\.[1-3])$/;

/** The names of a checkpoint's signatures; the verifier makes a regular expression of them. @see C2SP signed-note */
const SIGNATURE_NAMES = /— (\S+) /g;
const SIGNATURE_NAME = /^[A-Za-z0-9._/:-]{1,255}$/;

/** A Sigstore bundle and the statement in it. */
export interface DecodedBundle {
  readonly bundle: Bundle;
  readonly mediaType: string;
  readonly statement: Statement;
}

/** True for the media type of a Sigstore bundle of a version that we read. */
export function isBundleType(mediaType: string | null | undefined): boolean {
  return BUNDLE_TYPE.test(mediaType ?? "");
}

/**
 * Reads a bundle of at most 1 MiB and the statement in it. Nothing is verified yet.
 *
 * @param what names the bundle in messages
 * @throws {PkgError} PROVENANCE_INVALID
 * @see Sigstore bundle format, v0.1 to v0.3
 */
export function decodeBundle(bytes: Buffer, what: string): DecodedBundle {
  if (bytes.length > MAX_BUNDLE_BYTES) {
    throw invalid(what, `it has ${byteCount(bytes.length)}, expected at most ${MAX_BUNDLE_BYTES}`);
  }
  const bundle = readBundle(bytes, what);
  if (!isBundleType(bundle.mediaType)) {
    throw invalid(what, `its type is "${bundle.mediaType}", expected a Sigstore bundle of v0.1 to v0.3`);
  }
  checkMaterial(bundle, what);
  if (!isBundleWithDsseEnvelope(bundle)) {
    throw invalid(what, "it signs a file without saying how that was built, expected an in-toto statement");
  }
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  if (payloadType !== STATEMENT_TYPE) {
    throw invalid(what, `what it signs is "${payloadType}", expected "${STATEMENT_TYPE}"`);
  }
  return { bundle, mediaType: bundle.mediaType, statement: parseStatement(payload, what) };
}

function readBundle(bytes: Buffer, what: string): Bundle {
  const value = parseJson(bytes, (cause) => invalid(what, jsonProblem(cause), cause));
  try {
    return bundleFromJSON(value);
  } catch (cause) {
    // The library may throw any error: a malformed bundle must not look like a bug of ours.
    throw invalid(what, `it is not a Sigstore bundle, ${wrongFields(cause)}`, cause);
  }
}

function wrongFields(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fields = "fields" in error && Array.isArray(error.fields) ? error.fields.slice(0, 8) : [];
  return fields.length > 0 ? `wrong or missing: ${fields.join(", ")}` : error.message;
}

function checkMaterial(bundle: Bundle, what: string): void {
  if (isBundleWithPublicKey(bundle)) {
    throw invalid(what, "it is signed by a bare key, expected a certificate that names the signer");
  }
  const { tlogEntries, timestampVerificationData } = bundle.verificationMaterial;
  const timestamps = timestampVerificationData?.rfc3161Timestamps ?? [];
  if (tlogEntries.length > MAX_LOG_ENTRIES || timestamps.length > MAX_LOG_ENTRIES) {
    throw invalid(what, `it has more than ${MAX_LOG_ENTRIES} log entries or timestamps`);
  }
  const checkpoints = tlogEntries.map(({ inclusionProof }) => inclusionProof?.checkpoint?.envelope ?? "");
  const names = checkpoints.flatMap((text) => [...text.matchAll(SIGNATURE_NAMES)].map(([, name = ""]) => name));
  const odd = names.find((name) => !SIGNATURE_NAME.test(name));
  if (odd !== undefined) throw invalid(what, `its log entry is signed by "${odd}", expected the name of a log`);
}

function invalid(what: string, problem: string, cause?: unknown): PkgError {
  return new PkgError("PROVENANCE_INVALID", `Cannot use ${what}: ${problem}`, { cause });
}
