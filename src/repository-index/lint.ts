import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { V1Entry } from "../generated/index-schema.js";
import { describeEntry, error, type Finding, lintDocument, warning } from "../index/lint.ts";
import { type IndexDocument, readDocument } from "../index/read-document.ts";
import type { Target } from "../oci/content.ts";
import { isDigest, parseDigest } from "../oci/digest.ts";
import { formatReference, parseReference } from "../oci/reference.ts";
import { openSource } from "../oci-tools/open-place.ts";
import { checkLifetime } from "../verify/index-freshness.ts";
import { checkKeySetChain, requireThreshold } from "./check-signers.ts";
import { type IndexFile, type IndexFileCapabilities, readIndexFile } from "./index-file.ts";

export interface LintIndexRequest {
  /** A directory, file, address or reference. */
  readonly source: string;
  readonly directory: string;
  /** Whether what entries name is looked for in the registries. */
  readonly references: boolean;
}

export interface LintOutcome {
  readonly source: string;
  readonly repository: string;
  readonly serial: number;
  readonly entries: number;
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

type LintCapabilities = IndexFileCapabilities & Pick<Capabilities, "now">;

/**
 * Looks for all that is wrong with an index.
 *
 * @throws {PkgError} INDEX_MISSING, INDEX_INVALID for what is no index at all; those of the network
 */
export async function lintPackageIndex(cap: LintCapabilities, request: LintIndexRequest): Promise<LintOutcome> {
  const file = await readIndexFile(cap, request.source, request.directory);
  const document = await readDocument(file.bytes);
  const findings = [
    ...lintTrust(file, document),
    ...lintDocument(document, cap.now()),
    ...(request.references ? await lintReferences(cap, document.entries) : []),
  ];
  const count = (level: Finding["level"]) => findings.filter((finding) => finding.level === level).length;
  const { repository, serial } = document.header;
  return {
    ...{ source: request.source, repository, serial, entries: document.entries.length },
    ...{ errors: count("error"), warnings: count("warning"), findings },
  };
}

/** The error that an index with errors ends in; null for one without. */
export function lintError({ source, errors }: LintOutcome): PkgError | null {
  if (errors === 0) return null;
  const found = errors === 1 ? "1 error" : `${errors} errors`;
  return new PkgError("LINT_FAILED", `Cannot pass the index "${source}": it has ${found}`);
}

/** What those who use it would refuse it for, whatever its packages are. */
function lintTrust(file: IndexFile, { header }: IndexDocument): readonly Finding[] {
  return [
    ...refusals("trust", () => {
      requireThreshold(file, checkKeySetChain(header, TASK), { task: TASK, hint: "" });
    }),
    ...refusals("expiry", () => checkLifetime(header, TASK)),
  ];
}

const TASK = "use it";

function refusals(rule: string, check: () => void): readonly Finding[] {
  try {
    check();
    return [];
  } catch (problem) {
    if (!hasCode(problem, "INDEX_INVALID", "SIGNATURE_MISSING", "SIGNATURE_INVALID")) throw problem;
    return [error(rule, null, problem.message.replace(`Cannot ${TASK}: `, ""))];
  }
}

async function lintReferences(cap: LintCapabilities, entries: readonly V1Entry[]): Promise<readonly Finding[]> {
  const places = new Map<string, Promise<Target>>();
  const open = (location: string) => {
    const known = places.get(location) ?? openSource(cap, location).then(({ place }) => place);
    places.set(location, known);
    return known;
  };
  const findings = await mapConcurrently(entries, cap.config.concurrency, async (entry) => {
    const { registry, name } = parseReference(entry.ghcr_pkg);
    const place = await open(formatReference({ registry, name, tag: null, digest: null }));
    return [...(await lintManifest(cap, place, entry)), ...(await lintBlob(cap, place, entry))];
  });
  return findings.flat();
}

/** The tag is asked first: where it leads to the right manifest, that is there as well. */
async function lintManifest({ signal }: LintCapabilities, place: Target, entry: V1Entry): Promise<readonly Finding[]> {
  const { tag } = parseReference(entry.ghcr_pkg);
  const expected = entry.manifest_digest;
  const found = tag === null ? null : await orNull(place.resolve(tag, signal));
  if (found !== null && (expected === undefined || found.digest === expected)) return [];
  const subject = describeEntry(entry);
  if (expected === undefined || !isDigest(expected) || !(await place.hasManifest(expected, signal))) {
    return [error("dangling", subject, `its manifest is not there: "${entry.ghcr_pkg}"`)];
  }
  const where = found === null ? "nowhere" : `to "${found.digest}"`;
  return [warning("tag", subject, `its tag leads ${where}, expected "${expected}": "${entry.ghcr_pkg}"`)];
}

async function lintBlob({ signal }: LintCapabilities, place: Target, entry: V1Entry): Promise<readonly Finding[]> {
  const digest = parseDigest(`sha256:${entry.shasum}`);
  const problem = (text: string) => [error("dangling", describeEntry(entry), text)];
  try {
    if (await place.hasBlob({ digest, size: entry.size_raw }, signal)) return [];
    return problem(`its program is not there: "${entry.ghcr_blob}"`);
  } catch (found) {
    if (!hasCode(found, "SIZE_MISMATCH")) throw found;
    return problem(`its program is not of the size it says: ${found.message}`);
  }
}

async function orNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (problem) {
    if (hasCode(problem, "HTTP_NOT_FOUND")) return null;
    throw problem;
  }
}
