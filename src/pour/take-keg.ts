import { invalidArchive } from "../archive/archive-error.ts";
import { linkProblem } from "../archive/entry-path.ts";
import type { ExtractLimits } from "../archive/extract-limits.ts";
import type { ByteBudget } from "../base/byte-budget.ts";
import { byteCount } from "../base/format-bytes.ts";
import type { BlobIntake, StoredBlob } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import type { InstalledFile } from "../package/installation.ts";
import { type ElfLinking, readLinking } from "../relocate/elf-linking.ts";
import { RelocationFault } from "../relocate/fault.ts";
import type { Prefix } from "../relocate/prefix.ts";
import { relocateFile } from "../relocate/relocate-file.ts";
import { relocateLink } from "../relocate/relocate-link.ts";
import { isLoadable, RelocationScan } from "../relocate/scan.ts";
import { type FileMember, takeMembers } from "../unpack/take-members.ts";
import { changedFiles, MAX_RECEIPT_BYTES, RECEIPT } from "./changed-files.ts";
import { isGlibc } from "./glibc-keg.ts";

/** A keg: one version of one formula. */
export interface KegName {
  readonly name: string;
  /** With its revision, as its directory is called. */
  readonly version: string;
}

/** A bottle to take in, and the prefix that it is for. */
export interface TakeKegRequest {
  readonly keg: KegName;
  readonly prefix: Prefix;
  /** The bottle: a tar, packed or not. */
  readonly source: AsyncIterable<Uint8Array>;
  readonly intake: BlobIntake;
  /** How much all kegs together hold in memory. */
  readonly budget: ByteBudget;
  readonly limits: ExtractLimits;
  readonly signal: AbortSignal;
}

/** What is in a keg, as it will be placed. */
export interface TakenKeg {
  readonly files: readonly InstalledFile[];
  /** Where its symlinks lead, by their paths. */
  readonly targets: ReadonlyMap<string, string>;
  /** How its programs and libraries are linked. */
  readonly linked: readonly LinkedFile[];
}

/** A program or a library that is loaded with others. */
export interface LinkedFile {
  readonly path: string;
  readonly linking: ElfLinking;
}

/** What is larger is not held in memory, and may have nothing to relocate. */
export const MAX_RELOCATED_BYTES = 1024 ** 3;

/** What Homebrew says of a keg is kept as it says it. */
const RECORDS = /^(?:sbom\.spdx\.json|\.brew\/.*)$/;

/**
 * Takes the files of a bottle into the blob store, each as it will be under the prefix.
 *
 * @throws {PkgError} ARCHIVE_INVALID for entries outside of the keg, links out of the prefix, devices and files that would run
 *   as another user; RELOCATION_FAILED; as takeMembers
 */
export async function takeKeg(request: TakeKegRequest): Promise<TakenKeg> {
  const { keg, prefix, intake } = request;
  const linked: LinkedFile[] = [];
  const storing = { request, linked, changed: new Set<string>() };
  const targets = new Map<string, string>();
  const files = await takeMembers({
    ...request,
    root: `${keg.name}/${keg.version}`,
    rules: { linkTarget: (path, target) => linkInPrefix({ keg, prefix }, path, target), refusesSetId: true },
    onLink: (path, target) => targets.set(path, target),
    store: (file, mode) => {
      if (file.path === RECEIPT) return storeReceipt(storing, file, mode);
      return RECORDS.test(file.path) ? intake.add(file.body, mode) : storeRelocated(storing, file, mode);
    },
  });
  return { files, targets, linked };
}

interface Storing {
  readonly request: TakeKegRequest;
  readonly linked: LinkedFile[];
  /** Files that the receipt names, once it was read. */
  changed: ReadonlySet<string>;
}

async function storeReceipt(storing: Storing, file: FileMember, mode: number): Promise<StoredBlob> {
  const { intake, budget } = storing.request;
  if (file.size > MAX_RECEIPT_BYTES) return intake.add(file.body, mode);
  return withBytes(file, budget, (bytes) => {
    storing.changed = changedFiles(bytes);
    return intake.add([bytes], mode);
  });
}

function storeRelocated({ request, linked, changed }: Storing, file: FileMember, mode: number): Promise<StoredBlob> {
  const { keg, prefix, intake, budget } = request;
  if (file.size > MAX_RELOCATED_BYTES) return intake.add(unchanged(file), mode);
  return withBytes(file, budget, (bytes) => {
    const isKept = isGlibc(keg.name) && bytes.includes(0);
    const whole = { path: file.path, bytes, hasText: changed.has(file.path) };
    const relocated = isKept ? bytes : bytesOf(relocateFile(whole, prefix));
    const linking = linkingOf(file.path, relocated);
    if (linking !== null) linked.push({ path: file.path, linking });
    return intake.add([relocated], mode);
  });
}

/** Lends all bytes of a file to `use`. */
function withBytes<T>(file: FileMember, budget: ByteBudget, use: (bytes: Buffer) => Promise<T>): Promise<T> {
  return budget.run(file.size, async () => use(await (file.body.whole?.() ?? filled(file))));
}

async function filled({ size, body }: FileMember): Promise<Buffer> {
  const whole = Buffer.allocUnsafeSlow(size);
  let bytes = 0;
  for await (const part of body) {
    whole.set(part, bytes);
    bytes += part.byteLength;
  }
  return whole;
}

function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const PROGRAM = /^s?bin\/[^/]+$/;

/**
 * Null for what is loaded with nothing, and for what contradicts itself: it was not changed either, and may be there for a test.
 *
 * @throws {PkgError} RELOCATION_FAILED for a program that contradicts itself
 */
export function linkingOf(path: string, bytes: Buffer): ElfLinking | null {
  if (!isLoadable(bytes)) return null;
  try {
    const linking = readLinking(bytes);
    return linking.needed.length === 0 && linking.interpreter === null && linking.soname === null ? null : linking;
  } catch (error) {
    if (!(error instanceof RelocationFault)) throw error;
    if (PROGRAM.test(path))
      throw new PkgError("RELOCATION_FAILED", `Cannot use the program "${path}": ${error.message}`);
    return null;
  }
}

/** The bytes of a file that is too large to change. @throws {PkgError} RELOCATION_FAILED when it would have to be */
async function* unchanged({ path, size, body }: FileMember): AsyncGenerator<Uint8Array> {
  const scan = new RelocationScan();
  for await (const part of body) {
    if (scan.finds(part)) {
      throw new PkgError(
        "RELOCATION_FAILED",
        `Cannot relocate "${path}": it has ${byteCount(size)}, at most ${MAX_RELOCATED_BYTES} are changed`,
      );
    }
    yield part;
  }
}

/** Where a symlink of a keg leads in its place: into the prefix, by a relative path. @throws {PkgError} ARCHIVE_INVALID */
function linkInPrefix({ keg, prefix }: Pick<TakeKegRequest, "keg" | "prefix">, path: string, target: string): string {
  const inPrefix = `Cellar/${keg.name}/${keg.version}/${path}`;
  const moved = relocateLink(target, { at: `${prefix.path}/${inPrefix}`, prefix });
  const problem = linkProblem(inPrefix, moved);
  if (problem === null) return moved;
  throw invalidArchive(`the link "${path}" ${problem}`);
}
