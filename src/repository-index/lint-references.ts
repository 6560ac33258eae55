import { mapConcurrently } from "../base/concurrency.ts";
import { hasCode } from "../errors.ts";
import type { V1Entry } from "../generated/index-schema.js";
import { describeEntry, error, type Finding, warning } from "../index/lint.ts";
import type { Target } from "../oci/content.ts";
import { isDigest, parseDigest } from "../oci/digest.ts";
import { parseReference } from "../oci/reference.ts";
import type { AcceptedSigners } from "./check-signed.ts";
import { entryRepository, indexedPackage } from "./collect-entries.ts";
import type { PackageReader } from "./package-reader.ts";
import { isMisfit } from "./problems.ts";
import { readIndexedEntry } from "./read-entry.ts";

/**
 * Looks for the manifest, the tag and the program of every entry in its registry, and checks the package's signatures as building
 * an index does.
 *
 * @throws {PkgError} those of the network
 */
export async function lintReferences(
  entries: readonly V1Entry[],
  accepted: AcceptedSigners,
  reader: PackageReader,
): Promise<readonly Finding[]> {
  const { open, concurrency, signal } = reader;
  const places = new Map<string, Promise<Target>>();
  const openOnce = (repository: string) => {
    const opened = places.get(repository) ?? open(repository);
    places.set(repository, opened);
    return opened;
  };
  const findings = await mapConcurrently(entries, concurrency, async (entry) => {
    const place = await openOnce(entryRepository(entry));
    const missing = [...(await lintManifest(place, entry, signal)), ...(await lintBlob(place, entry, signal))];
    if (missing.some(({ level }) => level === "error")) return missing;
    return [...missing, ...(await lintSignatures(entry, accepted, { ...reader, open: openOnce }))];
  });
  return findings.flat();
}

async function lintSignatures(
  entry: V1Entry,
  accepted: AcceptedSigners,
  reader: PackageReader,
): Promise<readonly Finding[]> {
  const subject = describeEntry(entry);
  const warnings: Finding[] = [];
  const emit: PackageReader["emit"] = (event) => {
    if (event.kind === "warning") warnings.push(warning("signature", subject, event.message));
    else reader.emit(event);
  };
  try {
    const signed = await readIndexedEntry(await indexedPackage(entry, reader), accepted, { ...reader, emit });
    const fields = differences(signed, entry);
    const other = `it differs from what its publisher signed: ${fields.join(", ")}`;
    return fields.length === 0 ? warnings : [...warnings, error("signature", subject, other)];
  } catch (problem) {
    if (!isMisfit(problem)) throw problem;
    return [...warnings, error("signature", subject, problem.message)];
  }
}

/** The fields in which an entry is not the signed one. */
function differences(signed: V1Entry, entry: V1Entry): readonly string[] {
  const [expected, found] = [new Map(Object.entries(signed)), new Map(Object.entries(entry))];
  const fields = new Set([...expected.keys(), ...found.keys()]);
  return [...fields].filter((field) => JSON.stringify(expected.get(field)) !== JSON.stringify(found.get(field)));
}

/** The tag is looked up first: when it names the right manifest, the manifest is there as well. */
async function lintManifest(place: Target, entry: V1Entry, signal: AbortSignal): Promise<readonly Finding[]> {
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

async function lintBlob(place: Target, entry: V1Entry, signal: AbortSignal): Promise<readonly Finding[]> {
  const digest = parseDigest(`sha256:${entry.shasum}`);
  const problem = (text: string) => [error("dangling", describeEntry(entry), text)];
  try {
    if (await place.hasBlob({ digest, size: entry.size_raw }, signal)) return [];
    return problem(`its program is not there: "${entry.ghcr_blob}"`);
  } catch (found) {
    if (!hasCode(found, "SIZE_MISMATCH")) throw found;
    return problem(`its program has another size than the entry says: ${found.message}`);
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
