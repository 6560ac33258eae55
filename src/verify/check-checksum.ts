import { PkgError } from "../errors.ts";
import { type ChecksumEntry, parseChecksum } from "../package/checksum-file.ts";
import { isActive, isMade, type Policy } from "../package/policy.ts";
import type { FetchedPackage, FetchedProgram } from "./fetched-package.ts";
import { hashOf } from "./hash-of.ts";

/**
 * Compares each program with every hash that CHECKSUM lists for it; true when it lists them all.
 *
 * @throws {PkgError} CHECKSUM_MISSING when it is required, but is missing or leaves a program out;
 * CHECKSUM_INVALID, CHECKSUM_MISMATCH
 */
export function checkChecksum(fetched: FetchedPackage, policy: Policy): boolean {
  if (!isMade(policy, "checksum")) return false;
  const required = isActive(policy, "checksum");
  if (fetched.checksum === null) {
    if (required) throw failure("CHECKSUM_MISSING", fetched, "found no file CHECKSUM, expected one");
    return false;
  }
  const checksum = parseChecksum(fetched.checksum);
  const listed = fetched.programs.map((program) => {
    const entry = checksum.lookup(program.title);
    if (entry !== null) compare(fetched, program, entry);
    else if (required) throw failure("CHECKSUM_MISSING", fetched, `CHECKSUM does not list "${program.title}"`);
    return entry !== null;
  });
  return listed.every(Boolean);
}

/**
 * The package without what only describes its programs and is not listed in CHECKSUM, where that has to be. CHECKSUM must have
 * been found to be the publisher's.
 *
 * @throws {PkgError} CHECKSUM_INVALID
 */
export function withoutUnlisted(fetched: FetchedPackage, policy: Policy): FetchedPackage {
  const { checksum, programs } = fetched;
  if (!isActive(policy, "checksum") || !programs.some((program) => program.isCompanion === true)) return fetched;
  const known = checksum === null ? null : parseChecksum(checksum);
  const isListed = (title: string) => known !== null && known.lookup(title) !== null;
  return { ...fetched, programs: programs.filter(({ title, isCompanion }) => isCompanion !== true || isListed(title)) };
}

function compare(fetched: FetchedPackage, { title, blob, recorded }: FetchedProgram, entry: ChecksumEntry): void {
  const kinds = [
    ["SHA-256", "sha256"],
    ["BLAKE3", "blake3"],
  ] as const;
  for (const [kind, algorithm] of kinds) {
    const expected = entry[algorithm];
    if (expected === undefined || (recorded !== undefined && blob.hashes[algorithm] === undefined)) continue;
    const found = hashOf(blob, algorithm, title);
    if (found === expected) continue;
    const problem = `${kind} of "${title}" is "${found}", expected "${expected}" from CHECKSUM`;
    throw failure("CHECKSUM_MISMATCH", fetched, problem);
  }
}

function failure(code: "CHECKSUM_MISSING" | "CHECKSUM_MISMATCH", { name }: FetchedPackage, problem: string): PkgError {
  return new PkgError(code, `Cannot pass the checksum check of package "${name}": ${problem}`, {
    hint: "Tell the publisher; `pkg install --insecure-skip=checksum` skips this check",
  });
}
