import { hashHex } from "../base/hashes.ts";
import { parseJsonOrNull } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import { validatePackage } from "../generated/index-schema.js";
import { type Digest, digestHex } from "../oci/digest.ts";
import { layersByTitle, type Manifest } from "../oci/manifest.ts";
import { repositoryOf } from "../oci/reference.ts";
import type { SignedFacts, WantedFacts, WrittenFacts } from "../package/facts.ts";
import { ARCHIVE_TYPE, entryTitle, mainTitles } from "../package/file-names.ts";
import { libcRank, unsupported } from "../package/machine.ts";
import { isMade, type Policy } from "../package/policy.ts";
import { parseProvides } from "../package/provides.ts";
import { spelled } from "../package/version.ts";
import { checkSignedFile } from "./check-signatures.ts";

/**
 * The facts that a publisher signed; null when the file is signed, but is not an entry of today's format.
 *
 * @param name of the package, for messages
 * @throws {PkgError} SIGNATURE_INVALID, SIGNATURE_UNTRUSTED
 */
export function readSignedFacts(
  { title, bytes, signature }: WrittenFacts,
  name: string,
  policy: Policy,
): SignedFacts | null {
  const content = () => ({ blake2b512: hashHex("blake2b512", bytes), legacyBytes: bytes });
  checkSignedFile(name, { title, signature, content }, policy);
  const entry = parseJsonOrNull(bytes);
  if (!validatePackage(entry) || entryTitle(entry.pkg_name) !== title) return null;
  const repository = repositoryOf(entry.ghcr_pkg);
  if (repository === null) return null;
  return {
    name: entry.pkg_name,
    version: entry.version,
    host: entry.host.toLowerCase(),
    libc: entry.libc ?? null,
    repository,
    sha256: entry.shasum,
    blake3: entry.bsum ?? null,
    sizeBytes: entry.size_raw,
    isArchive: entry.pkg_type === "archive",
    provides: parseProvides(entry.provides ?? []),
  };
}

/** What a place says that a package is. */
interface FoundPackage {
  readonly manifest: Manifest | null;
  /** The digest of the program that will be placed; null: it is not known yet. */
  readonly program: Digest | null;
}

/**
 * Holds the signed facts of a package against what was asked for. The manifest cannot be trusted to say what it holds:
 * whoever serves it wrote it, and may have put together files of several packages that the publisher signed.
 *
 * @returns the facts; null where none are signed and none have to be
 * @throws {PkgError} SIGNATURE_MISSING when an earlier version had signed facts; FACTS_MISMATCH, PLATFORM_UNSUPPORTED,
 * SIGNATURE_INVALID, SIGNATURE_UNTRUSTED
 */
export function checkFacts(
  { written, ...found }: FoundPackage & { readonly written: WrittenFacts | null },
  wanted: WantedFacts | null,
  policy: Policy,
): SignedFacts | null {
  if (wanted === null || !isMade(policy, "facts")) return null;
  const facts = written === null ? null : readSignedFacts(written, wanted.name, policy);
  if (facts !== null) compareFacts(facts, found, wanted);
  else if (wanted.signedBefore !== null) throw noLongerSigned(wanted.name);
  return facts;
}

function compareFacts(facts: SignedFacts, { manifest, program }: FoundPackage, wanted: WantedFacts): void {
  const { host, libc } = facts;
  if (host !== wanted.machine.host || libcRank(libc, wanted.machine) === null) {
    throw unsupported(wanted.name, wanted.machine, [{ host, libc }]);
  }
  const signed = `sha256:${facts.sha256}`;
  const pairs: readonly (readonly [what: string, found: unknown, expected: unknown])[] = [
    ["name", facts.name, wanted.name],
    ["version", spelled(facts.version), spelled(wanted.version)],
    ["repository", facts.repository, wanted.repository ?? facts.repository],
    ["repository", facts.repository, wanted.signedBefore ?? facts.repository],
    ["program", signed, manifest === null ? signed : programOf(facts, manifest)],
    ["program", signed, program ?? signed],
  ];
  const wrong = pairs.find(([, found, expected]) => found !== expected);
  if (wrong !== undefined) throw factsMismatch(wanted.name, `${wrong[0]} is "${wrong[1]}", expected "${wrong[2]}"`);
}

/** The digest of the file that will be placed as the program; `none` if the manifest has no such file. */
function programOf({ name, isArchive }: SignedFacts, manifest: Manifest): string {
  const layers = layersByTitle(manifest);
  const [file, packed] = mainTitles(name);
  const layer = layers.get(file ?? "") ?? layers.get(packed ?? "");
  if (layer === undefined || (layer.mediaType === ARCHIVE_TYPE) !== isArchive) return "none";
  return layer.digest.startsWith("sha256:") ? `sha256:${digestHex(layer.digest)}` : layer.digest;
}

/** The error for facts that the publisher signed about something else. */
export function factsMismatch(name: string, problem: string, hint = OTHER_PACKAGE): PkgError {
  return new PkgError("FACTS_MISMATCH", `Cannot use package "${name}": its signed ${problem}`, { hint });
}

const OTHER_PACKAGE =
  "What the registry serves is not what was asked for, though the publisher signed it: tell the publisher";

function noLongerSigned(name: string): PkgError {
  return new PkgError(
    "SIGNATURE_MISSING",
    `Cannot use package "${name}": found no signed file "${entryTitle(name)}", expected one, as the installed version has it`,
    { hint: "Tell the publisher; `pkg install --insecure-skip=facts` skips this check" },
  );
}
