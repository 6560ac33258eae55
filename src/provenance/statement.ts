import { asObject, type JsonObject, parseJsonOrNull } from "../base/json.ts";
import { decodeUtf8 } from "../base/utf8.ts";
import { PkgError } from "../errors.ts";
import { type Digest, sha256Digest } from "../oci/digest.ts";
import type { Provenance } from "./provenance.ts";

const MAX_SUBJECTS = 4096;

/** in-toto attestation framework: v1 and, with the same fields, v0.1. */
const STATEMENT_TYPES: readonly unknown[] = ["https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"];

/** The predicate type of SLSA provenance 1.0. */
export const SLSA_V1 = "https://slsa.dev/provenance/v1";
/** The predicate type of SLSA provenance 0.2. */
export const SLSA_V0_2 = "https://slsa.dev/provenance/v0.2";

/** An in-toto statement: a predicate about files, which it names by their digests. */
export interface Statement {
  /** The SHA-256 of each subject. */
  readonly subjects: readonly Digest[];
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

/** What a SLSA predicate says about a build; null for what it does not say. */
export type BuildFacts = Pick<Provenance, "builder" | "buildType" | "sourceRepository" | "commit" | "ref" | "runUrl">;

/**
 * Parses an in-toto statement.
 *
 * @param what names the bundle in messages
 * @throws {PkgError} PROVENANCE_INVALID
 * @see in-toto attestation framework 1.0, "Statement layer specification"
 */
export function parseStatement(payload: Uint8Array, what: string): Statement {
  const statement = parseObject(payload);
  if (statement === null) throw invalid(what, "its statement is not a JSON object");
  if (!STATEMENT_TYPES.includes(statement["_type"])) {
    throw invalid(
      what,
      `its statement is of type ${JSON.stringify(statement["_type"])}, expected an in-toto statement`,
    );
  }
  const { predicateType } = statement;
  const predicate = asObject(statement["predicate"]);
  if (typeof predicateType !== "string" || predicate === null) {
    throw invalid(what, "its statement has no predicate or no predicateType");
  }
  return { subjects: parseSubjects(statement["subject"], what), predicateType, predicate };
}

/**
 * Reads SLSA provenance of either version.
 *
 * @throws {PkgError} PROVENANCE_INVALID for any other predicate
 * @see SLSA 1.0, "Provenance"; SLSA 0.2, "Provenance"
 */
export function buildFacts({ predicateType, predicate }: Statement, what: string): BuildFacts {
  if (predicateType === SLSA_V1) return factsOfV1(predicate);
  if (predicateType === SLSA_V0_2) return factsOfV02(predicate);
  throw invalid(what, `it states "${predicateType}", expected SLSA provenance, e.g. "${SLSA_V1}"`);
}

function factsOfV1(predicate: JsonObject): BuildFacts {
  const workflow = ["buildDefinition", "externalParameters", "workflow"];
  const dependencies = at(predicate, ["buildDefinition", "resolvedDependencies"]);
  const source = Array.isArray(dependencies) ? asObject(dependencies[0]) : null;
  return {
    builder: textAt(predicate, ["runDetails", "builder", "id"]),
    buildType: textAt(predicate, ["buildDefinition", "buildType"]),
    sourceRepository: textAt(predicate, [...workflow, "repository"]),
    commit: textAt(source, ["digest", "gitCommit"]) ?? textAt(source, ["digest", "sha1"]),
    ref: textAt(predicate, [...workflow, "ref"]),
    runUrl: textAt(predicate, ["runDetails", "metadata", "invocationId"]),
  };
}

function factsOfV02(predicate: JsonObject): BuildFacts {
  // e.g. git+https://github.com/me/repo@refs/tags/v1
  const uri = textAt(predicate, ["invocation", "configSource", "uri"]);
  const [repository = null, ref = null] = uri === null ? [] : uri.replace(/^git\+/, "").split("@", 2);
  return {
    builder: textAt(predicate, ["builder", "id"]),
    buildType: textAt(predicate, ["buildType"]),
    sourceRepository: repository,
    commit: textAt(predicate, ["invocation", "configSource", "digest", "sha1"]),
    ref,
    runUrl: null,
  };
}

function parseSubjects(value: unknown, what: string): readonly Digest[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid(what, "its statement names no subject");
  if (value.length > MAX_SUBJECTS) {
    throw invalid(what, `its statement has ${value.length} subjects, expected at most ${MAX_SUBJECTS}`);
  }
  const digests = value.map((subject: unknown) => textAt(asObject(subject), ["digest", "sha256"]));
  // A subject may be named only by other hashes; then we cannot compare it.
  const known = digests.filter((hex) => hex !== null && /^[0-9a-f]{64}$/.test(hex));
  return [...new Set(known.map((hex) => sha256Digest(hex ?? "")))];
}

function at(value: JsonObject | null, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    const object = asObject(inner);
    return object !== null && Object.hasOwn(object, key) ? object[key] : undefined;
  }, value);
}

function textAt(value: JsonObject | null, path: readonly string[]): string | null {
  const found = at(value, path);
  return typeof found === "string" && found !== "" ? found : null;
}

function parseObject(payload: Uint8Array): JsonObject | null {
  const text = decodeUtf8(payload)?.replace(/^\uFEFF/, "") ?? "";
  return asObject(parseJsonOrNull(text));
}

function invalid(what: string, problem: string): PkgError {
  return new PkgError("PROVENANCE_INVALID", `Cannot use ${what}: ${problem}`);
}
