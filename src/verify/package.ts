import { addAll } from "../base/many.ts";
import type { StoredBlob } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import type { WantedLayer } from "../image/wanted-layer.ts";
import { safeTitle } from "../oci/title.ts";
import { isMadeFile } from "../package/holdings.ts";
import type { InstalledFile } from "../package/installation.ts";
import { type Check, isMade, type Policy, type Waiver } from "../package/policy.ts";
import type { Provenance } from "../provenance/provenance.ts";
import { checkChecksum, withoutUnlisted } from "./check-checksum.ts";
import { checkDigests } from "./check-digest.ts";
import { checkFacts } from "./check-facts.ts";
import { checkProvenance } from "./check-provenance.ts";
import { checkSignatures } from "./check-signatures.ts";
import type { FetchedPackage, FetchedProgram } from "./fetched-package.ts";

/** What was checked, with which results. */
export interface Evidence {
  /** Checks that every program has passed. */
  readonly checks: readonly Check[];
  /** Checks that a person chose to skip, and `facts` where none are signed. */
  readonly skipped: readonly Waiver[];
  /** The repository that the publisher signed it for, now or when it was first installed; null: nobody said. */
  readonly signedAs: string | null;
  /** Key id of the main program's signature; null when not every file was checked for a signature. */
  readonly signedBy: string | null;
  /** Who built the programs; null when the policy does not ask. */
  readonly provenance: Provenance | null;
}

declare const verified: unique symbol;

/** A package that passed its policy: only `verifyPackage` makes one, and `place` takes nothing else. */
export interface VerifiedPackage {
  readonly fetched: FetchedPackage;
  readonly evidence: Evidence;
  /** Everything that may be placed: the programs, and what `withMembers` found in archives. */
  readonly files: readonly InstalledFile[];
  readonly [verified]: true;
}

/** An archive whose bytes passed the policy of their package: nothing else is unpacked. */
export interface VerifiedArchive {
  readonly title: string;
  readonly blob: StoredBlob;
  /** What of it is placed, if it is a layer of an image; null: all of it. */
  readonly layer: WantedLayer | null;
  readonly [verified]: true;
}

const PROGRAM_MODE = 0o755;
const FILE_MODE = 0o644;

const CHECKS: readonly Check[] = ["digest", "checksum", "signature", "facts", "provenance"];
const WAIVERS: readonly Waiver[] = [...CHECKS, "freshness"];

/**
 * Makes every check that the policy requires, or whose material exists: required material must exist, and whatever exists must
 * be right. `--insecure-skip=digest` skips only the hashes in the package index; the bytes are always compared with the manifest.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, LAYER_MISSING, TITLE_INVALID, MANIFEST_INVALID;
 * CHECKSUM_MISSING, CHECKSUM_INVALID, CHECKSUM_MISMATCH; SIGNATURE_MISSING, SIGNATURE_INVALID, SIGNATURE_UNTRUSTED;
 * FACTS_MISMATCH, PLATFORM_UNSUPPORTED; PROVENANCE_MISSING, PROVENANCE_INVALID
 */
export function verifyPackage(received: FetchedPackage, policy: Policy): VerifiedPackage {
  if (received.programs.length === 0) throw new Error("a package without programs cannot be verified");
  checkTitles(received);
  checkDigests(received, policy);
  // Signatures come first: a CHECKSUM is read only once it is known to be the publisher's.
  const signedBy = checkSignatures(received, policy);
  const fetched = withoutUnlisted(received, policy);
  const isListed = checkChecksum(fetched, policy);
  const { facts: written, wantedFacts: wanted, manifest } = fetched;
  const program = fetched.programs[0]?.blob.digest ?? null;
  const facts = checkFacts({ written, manifest, program }, wanted, policy);
  const provenance = checkProvenance(fetched, policy);
  const areUnsigned = wanted?.tellsMissing === true && facts === null && isMade(policy, "facts");
  const made: Readonly<Record<Check, boolean>> = {
    digest: isMade(policy, "digest"),
    checksum: isListed,
    signature: signedBy !== null,
    facts: facts !== null,
    provenance: provenance !== null,
  };
  const evidence = {
    checks: CHECKS.filter((check) => made[check]),
    skipped: WAIVERS.filter((waiver) => policy.skip.includes(waiver) || (waiver === "facts" && areUnsigned)),
    signedBy,
    signedAs: facts?.repository ?? wanted?.signedBefore ?? null,
    provenance,
  };
  return brand({
    fetched,
    evidence,
    files: fetched.programs.filter(({ archive }) => archive !== true).map(programFile),
  });
}

/**
 * Adds what is in a package's archives. `unpack` gets verified archives only, so its result is as trustworthy as they are; there
 * is no other way for a member of an archive to be placed.
 */
export async function withMembers(
  { fetched, evidence, files }: VerifiedPackage,
  unpack: (archive: VerifiedArchive) => Promise<readonly InstalledFile[]>,
): Promise<VerifiedPackage> {
  const members: InstalledFile[] = [];
  for (const { title, blob, archive, layer = null } of fetched.programs) {
    if (archive === true) addAll(members, await unpack(brand({ title, blob, layer })));
  }
  return brand({ fetched, evidence, files: [...files, ...members] });
}

/**
 * Adds what is made of the files of a package, such as a desktop entry that leads to where they are. `make` gets verified files
 * only, and adds to them, but changes none.
 */
export async function withMade(
  { fetched, evidence, files }: VerifiedPackage,
  make: (files: readonly InstalledFile[]) => Promise<readonly InstalledFile[]>,
): Promise<VerifiedPackage> {
  const made = await make(files);
  const other = made.find(({ path }) => !isMadeFile(path) || files.some((file) => file.path === path));
  if (other !== undefined) throw new Error(`"${other.path}" is a file of the package itself`);
  return brand({ fetched, evidence, files: [...files, ...made] });
}

function brand<T>(checked: T): T & { readonly [verified]: true } {
  return checked as T & { readonly [verified]: true };
}

/** A layer has no mode: a file that is placed by itself is a program, unless it describes one. */
function programFile({ title, blob, isCompanion }: FetchedProgram): InstalledFile {
  const mode = isCompanion === true ? FILE_MODE : PROGRAM_MODE;
  return { path: title, digest: blob.digest, size: blob.size, mode, blake3: blob.hashes.blake3 ?? null };
}

/** Titles become paths: this is the last check before that. */
function checkTitles({ name, programs }: FetchedPackage): void {
  const titles = new Set(programs.map(({ title }) => safeTitle(title)));
  if (titles.size === programs.length) return;
  throw new PkgError("MANIFEST_INVALID", `Cannot use package "${name}": two of its programs have the same name`);
}
