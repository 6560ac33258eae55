import type { Bundle } from "@sigstore/bundle";
import { type SignedEntity, type TrustMaterial, toSignedEntity, VerificationError, Verifier } from "@sigstore/verify";
import { PkgError } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import { decodeBundle } from "./bundle.ts";
import { type Extensions, type SignerFacts, signerFacts } from "./certificate.ts";
import type { Provenance, VerifiedProvenance } from "./provenance.ts";
import { buildFacts, type Statement } from "./statement.ts";

/** What a bundle is verified against. */
export interface VerifyProvenanceRequest {
  /** As `readTrustedRoot` gives it. */
  readonly trustedRoot: TrustMaterial;
  /** Programs, their manifest, the image index: the statement has to cover at least one of them. */
  readonly subjects: readonly Digest[];
  /** Names the bundle in messages. */
  readonly what: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What each of the verifier's codes means. */
const PROBLEMS: Readonly<Record<VerificationError["code"], string>> = {
  NOT_IMPLEMENTED_ERROR: "it is of an unknown kind",
  TLOG_ERROR: "it is in no transparency log",
  TLOG_INCLUSION_PROOF_ERROR: "the proof that it is in the log is wrong",
  TLOG_INCLUSION_PROMISE_ERROR: "the promise that the log will include it is wrong",
  TLOG_MISSING_INCLUSION_ERROR: "it has neither a proof nor a promise of its log entry",
  TLOG_BODY_ERROR: "the log entry is about something else",
  CERTIFICATE_ERROR: "its certificate is not trusted",
  PUBLIC_KEY_ERROR: "its key is not trusted",
  SIGNATURE_ERROR: "its signature does not match this statement",
  TIMESTAMP_ERROR: "no trusted source says when it was signed",
};

/**
 * Verifies a Sigstore bundle offline: the certificate and its log (SCT), the entry in the transparency log, the signature, that
 * the statement is SLSA provenance, and that it covers one of the subjects. Whether the signer may build the package is for
 * the policy to decide.
 *
 * A trusted root without logs, as private instances may have, requires no log entry; a trusted time is always required.
 *
 * @throws {PkgError} PROVENANCE_INVALID
 * @see Sigstore client spec, "Verification"
 */
export function verifyProvenance(bytes: Buffer, request: VerifyProvenanceRequest): VerifiedProvenance {
  const { what } = request;
  const { bundle, statement } = decodeBundle(bytes, what);
  const { signer, signedAt } = verifyBundle(bundle, request);
  const build = buildFacts(statement, what);
  return brand({
    ...signer,
    sourceRepository: signer.sourceRepository ?? build.sourceRepository,
    commit: signer.commit ?? build.commit,
    ref: signer.ref ?? build.ref,
    builder: build.builder,
    buildType: build.buildType,
    runUrl: signer.runUrl ?? build.runUrl,
    predicateType: statement.predicateType,
    subjects: matching(statement, request),
    signedAt,
    verifiedAt: new Date(request.now).toISOString(),
  });
}

function brand(checked: Provenance): VerifiedProvenance {
  return checked as VerifiedProvenance;
}

interface VerifiedBundle {
  readonly signer: SignerFacts;
  readonly signedAt: string;
}

function verifyBundle(bundle: Bundle, { trustedRoot, what }: VerifyProvenanceRequest): VerifiedBundle {
  try {
    const entity = toSignedEntity(bundle);
    const { identity } = new Verifier(trustedRoot, {
      ctlogThreshold: trustedRoot.ctlogs.length > 0 ? 1 : 0,
      tlogThreshold: trustedRoot.tlogs.length > 0 ? 1 : 0,
      timestampThreshold: 1,
    }).verify(entity);
    const oids = (identity?.oids ?? []).map(({ oid, value }) => [oid?.id.join(".") ?? "", value] as const);
    return { signer: signerFacts(new Map(oids) satisfies Extensions, what), signedAt: earliestTime(entity) };
  } catch (error) {
    if (error instanceof PkgError) throw error;
    // The library may throw any error while it reads: a malformed bundle must not look like a bug of ours.
    throw invalid(what, problemOf(error), error);
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const detail = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
  if (error instanceof VerificationError) return `${PROBLEMS[error.code]} (${detail})`;
  return `it cannot be read (${detail})`;
}

/** The earliest of the times that were verified with the bundle; there is at least one. ISO 8601. */
function earliestTime({ timestamps }: SignedEntity): string {
  const times = timestamps.flatMap((timestamp) => {
    if (timestamp.$case === "timestamp-authority") return [timestamp.timestamp.signingTime.getTime()];
    const { inclusionPromise, integratedTime } = timestamp.tlogEntry;
    return inclusionPromise === undefined ? [] : [Number(integratedTime) * 1000];
  });
  return new Date(times.reduce((earliest, time) => Math.min(earliest, time), Number.POSITIVE_INFINITY)).toISOString();
}

function matching({ subjects }: Statement, { subjects: wanted, what }: VerifyProvenanceRequest): readonly Digest[] {
  const found = wanted.filter((digest) => subjects.includes(digest));
  if (found.length > 0) return found;
  const stated = subjects.slice(0, 3).join(", ") || "nothing by its SHA-256";
  throw invalid(what, `it covers ${stated}, expected ${wanted.join(" or ")}`);
}

function invalid(what: string, problem: string, cause?: unknown): PkgError {
  return new PkgError("PROVENANCE_INVALID", `Cannot use ${what}: ${problem}`, {
    hint: "Tell the publisher; `pkg install --insecure-skip=provenance` skips this check",
    cause,
  });
}
