import type { Target } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import type { Capabilities } from "./capabilities.ts";

/** What is published, as far as a statement can speak of it. All of it is known before anything is sent. */
export interface StatementSubjects {
  /** The image index of all platforms. */
  readonly index: Descriptor;
  /** Each manifest in the index, with its `platform`, and the SHA-256 of the program it holds. */
  readonly platforms: readonly { readonly descriptor: Descriptor; readonly programDigest: Digest }[];
}

export interface StatementsRequest extends StatementSubjects {
  /** `FILE[@platform]`, e.g. `sbom.spdx.json@linux/amd64`: about the manifest of that platform, else about the index. */
  readonly sboms: readonly string[];
  /** Files that hold one Sigstore bundle each. */
  readonly bundles: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
}

/** A document that was read and checked, ready to be pushed as what it is to what it speaks of. */
export interface Statement {
  readonly kind: "sbom" | "provenance";
  /** As it was typed. */
  readonly file: string;
  readonly artifactType: string;
  readonly bytes: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
  readonly subject: Descriptor;
}

export interface AttachedStatement {
  readonly kind: Statement["kind"];
  readonly file: string;
  readonly artifactType: string;
  readonly subject: Digest;
  readonly digest: Digest;
  /** `existed`: it was there already, and nothing was sent. */
  readonly how: "existed" | "sent";
  /** The tag that lists it where the registry has no referrers API; else null. */
  readonly referrersTag: string | null;
}

type ReadCapabilities = Pick<Capabilities, "signal">;
type AttachCapabilities = Pick<Capabilities, "config" | "emit" | "signal">;

/**
 * Reads what `--sbom` and `--attest` name, and finds what each speaks of. Sends nothing: called before a publish does,
 * so that a wrong file leaves nothing half published.
 *
 * @throws {PkgError} PUBLISH_INVALID for a file that is no SBOM or bundle, or one that speaks of nothing published here;
 * FILE_SYSTEM, PERMISSION_DENIED
 */
export async function readStatements(
  _cap: ReadCapabilities,
  request: StatementsRequest,
): Promise<readonly Statement[]> {
  if (request.sboms.length === 0 && request.bundles.length === 0) return [];
  throw new Error("not there yet");
}

/**
 * Pushes each statement as an artifact that refers to what it speaks of. What is there already is not sent again.
 *
 * @throws {PkgError} those of the place
 */
export async function attachStatements(
  _cap: AttachCapabilities,
  request: { readonly place: Target; readonly statements: readonly Statement[] },
): Promise<readonly AttachedStatement[]> {
  if (request.statements.length === 0) return [];
  throw new Error("not there yet");
}
