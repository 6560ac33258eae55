import { join, resolve } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import { indexUrlOf, parseIndexUrl } from "../config/index-address.ts";
import { PkgError } from "../errors.ts";
import { typedOutputDirectory } from "../fs/typed-output.ts";
import { INDEX_TAG } from "../index/index-artifact.ts";
import { type IndexDocument, readDocument } from "../index/read-document.ts";
import { recallSerial } from "../keys/serial-memory.ts";
import { formatLocation, keyIn, type Location } from "../oci/location.ts";
import { openSource, withPlace } from "../oci-tools/open-place.ts";
import { signatureTitle } from "../package/file-names.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { Signer } from "../sign/signer.ts";
import { type BuiltIndex, describeDraft, signDraft, signersOf } from "./built-index.ts";
import { checkBase, documentHash, type IndexToBuildOn, lowestSerial, type SerialRequest } from "./choose-base.ts";

import { keySetExchange, replaceFiles } from "./directory.ts";
import { type DraftOptions, draftPackageIndex, type IndexDraft, openDraftKeys, ownKeys } from "./draft.ts";
import { findBase, knownSerials } from "./find-base.ts";
import { holdsIndex, type IndexFile, readIndexFile } from "./index-file.ts";
import { type PackageReaderCapabilities, packageReader } from "./package-reader.ts";
import { rememberIndex } from "./remember-serial.ts";

/** What building an index needs of the world. */
export type BuildIndexCapabilities = PackageReaderCapabilities & Pick<Capabilities, "now">;

/** An index to build, and the directory to build it in. */
export interface BuildIndexRequest extends DraftOptions, SerialRequest {
  /** The index to build on, as it was typed; null: the one in the output directory, if there is one. */
  readonly previous: string | null;
  /** The directory to write into. */
  readonly output: string;
  /** Where relative paths begin. */
  readonly directory: string;
  /** Writes the index even if packages had to be left out. */
  readonly keepGoing: boolean;
  /** Writes nothing. */
  readonly dryRun: boolean;
}

/** What was built, and where it is. */
export interface BuildIndexOutcome extends BuiltIndex {
  /** Paths that were written; empty when packages had to be left out, and with `dryRun`. */
  readonly files: readonly string[];
}

/**
 * Builds a package index, signs it and writes it into a directory that any static host can serve.
 *
 * @throws {PkgError} as draftPackageIndex and readIndexFile; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function buildPackageIndex(
  cap: BuildIndexCapabilities,
  request: BuildIndexRequest,
): Promise<WithErrors<BuildIndexOutcome>> {
  const { directory, keepGoing, dryRun } = request;
  const output = resolve(directory, typedOutputDirectory(request.output));
  // Nobody who has seen an index takes another one with the same serial.
  const before = request.previous ?? (holdsIndex(output) ? output : null);
  const keys = await openDraftKeys(cap.config, request);
  const { signers } = keys;
  const { previous, lowest } = await readPrevious(cap, { ...request, previous: before, own: ownKeys(keys) });
  const { draft, problems } = await draftPackageIndex(
    { ...request, ...keys, previous, lowestSerial: lowest, exchange: keySetExchange(output), now: cap.now() },
    packageReader(cap),
  );
  const isWritten = !dryRun && (problems.length === 0 || keepGoing);
  const files = isWritten ? writeIndex(output, draft, signers) : [];
  if (isWritten) rememberSigned(cap, draft);
  const signerIds = signersOf(draft, signers).map(({ keyId }) => keyId);
  return { outcome: { ...describeDraft(draft, { signerIds, problems }), files }, errors: problems };
}

interface Previous {
  readonly previous: IndexFile | null;
  /** The lowest serial that comes after all that is known. */
  readonly lowest: number;
}

/**
 * Reads the index to build on. In a registry or layout, that is the one with the highest serial; elsewhere, one that is older than
 * what was published from here is refused. What was only signed here need not have been published, so an older index than that is
 * warned of.
 */
async function readPrevious(
  cap: BuildIndexCapabilities,
  request: BuildIndexRequest & { readonly own: readonly PublicKey[] },
): Promise<Previous> {
  const { previous: source, directory, repository } = request;
  const location = source === null ? null : latestIn(source, directory);
  if (source !== null && location !== null) {
    return withPlace(openSource(cap, formatLocation(location)), async ({ place }) => {
      const { found, known } = await findBase(cap, { ...request, place, location });
      if (found.newest === null) throw missing(source);
      warnOlder(cap, request, found.newest.document);
      return { previous: found.newest.file, lowest: lowestSerial(known) };
    });
  }
  const previous = source === null ? null : await readIndexFile(cap, source, directory);
  const document = previous === null ? null : await readDocument(previous.bytes);
  const name = document?.header.repository ?? repository ?? "";
  const known = knownSerials(cap, request, [name]);
  // A first index with a serial that a person has chosen may be one that is made for another place.
  if (document === null && request.serial !== null && known.afterSerial === null) return { previous, lowest: 0 };
  const index =
    document === null ? null : { serial: document.header.serial, document: documentHash(document), source: name };
  checkBase(index, previous?.source ?? name, { ...known, task: "build on" });
  if (document !== null) warnOlder(cap, request, document);
  return { previous, lowest: lowestSerial(known) };
}

/** The registry or layout that a person named without a tag of an older index; null: another address, or that very index. */
function latestIn(source: string, directory: string): Location | null {
  const address = parseIndexUrl(indexUrlOf(source, directory));
  if (address.kind !== "place") return null;
  const { tag, digest } = keyIn(address.location);
  return digest === null && tag === INDEX_TAG ? withoutTag(address.location) : null;
}

function withoutTag(location: Location): Location {
  if (location.kind !== "registry") return { ...location, tag: null };
  return { ...location, reference: { ...location.reference, tag: null } };
}

function missing(source: string): PkgError {
  return new PkgError("INDEX_MISSING", `Cannot read the index "${source}": there is none`, {
    hint: "Leave out --previous to build a first one",
  });
}

function warnOlder(
  { config, emit }: BuildIndexCapabilities,
  { acceptSerial = null }: SerialRequest,
  { header: { repository, serial } }: IndexDocument,
): void {
  const signed = recallSerial(config.paths, [`signed ${repository}`])?.serial ?? 0;
  if (signed > serial && acceptSerial === null) emit(olderThanSigned({ serial, source: repository }, signed));
}

function olderThanSigned({ serial, source }: Pick<IndexToBuildOn, "serial" | "source">, signed: number) {
  const message = `Serial ${signed} of "${source}" was signed here before, and this builds on serial ${serial}: if ${signed} was published, an older index was put in its place`;
  return { kind: "warning", message } as const;
}

function rememberSigned(cap: BuildIndexCapabilities, { header, entries }: IndexDraft): void {
  const memory = { serial: header.serial, document: documentHash({ header, entries }) };
  rememberIndex(cap, [`signed ${header.repository}`], memory);
}

/** Writes the index, packed and not, with its signatures; gives the paths. */
function writeIndex(directory: string, draft: IndexDraft, signers: readonly Signer[]): readonly string[] {
  const files = new Map<string, Buffer | null>([
    ["index.json", draft.document],
    ["index.json.zst", draft.packed],
  ]);
  for (const [name, bytes] of signDraft(draft, signers)) {
    files.set(signatureTitle(name), bytes.length === 0 ? null : bytes);
  }
  replaceFiles(directory, files);
  return [...files].filter(([, bytes]) => bytes !== null).map(([name]) => join(directory, name));
}
