import { invalidArchive } from "../archive/archive-error.ts";
import { decompressStream } from "../archive/decompress-stream.ts";
import { refuseRatio } from "../archive/extract-limits.ts";
import type { BlobIntake, BlobStore } from "../blobs/blob-store.ts";
import { SYMLINK_MODE } from "../fs/modes.ts";
import { readLocalFile, streamFile } from "../fs/read-file.ts";
import type { InstalledFile } from "../package/installation.ts";
import type { Prefix } from "../relocate/prefix.ts";
import { relocateFile } from "../relocate/relocate-file.ts";
import { takenFile, takenSymlink } from "../unpack/taken-file.ts";
import type { MadeFile } from "./keg-edits.ts";
import type { PostInstalled } from "./post-install.ts";
import { replaceText } from "./replace-text.ts";
import { changedMode } from "./step-modes.ts";
import { type LinkedFile, linkingOf, MAX_RELOCATED_BYTES, type TakenKeg } from "./take-keg.ts";

const PROGRAM = /(?:^|\/)s?bin\/[^/]+$/;

export type KegChanges = Pick<PostInstalled, "made" | "removed" | "modes">;

/** What making files takes. */
export interface EditContext {
  readonly intake: BlobIntake;
  /** Has the files of the keg, where what is made is made of what is in them. */
  readonly blobs: Pick<BlobStore, "pathOf">;
  readonly prefix: Prefix;
  /** The most bytes that may come out of a file for each that is in it. */
  readonly maxRatio: number;
}

/** True where files are made of what is in others, which then have to be in the store. */
export function needsContents({ made }: Pick<KegChanges, "made">): boolean {
  return made.some(({ kind }) => kind === "changed" || kind === "unpacked");
}

/**
 * The keg with the files that it gets after it was unpacked, and without those that it loses; and what could not be done.
 *
 * @throws {PkgError} ARCHIVE_INVALID for a file that is no gzip, or grows too large; RELOCATION_FAILED; as BlobIntake.add
 */
export async function editKeg(
  context: EditContext,
  taken: TakenKeg,
  { made, removed, modes }: KegChanges,
): Promise<{ readonly taken: TakenKeg; readonly undone: readonly string[] }> {
  if (made.length + removed.length + modes.length === 0) return { taken, undone: [] };
  const files = new Map(taken.files.map((file) => [file.path, file]));
  const targets = new Map(taken.targets);
  const linked = new Map(taken.linked.map((file) => [file.path, file]));
  const before = new Map(files);
  const undone: string[] = [];
  for (const path of removed) {
    files.delete(path);
    targets.delete(path);
  }
  for (const file of made) {
    const placed = await makeFile(context, file, { files: before, linked, undone });
    if (placed === null) continue;
    files.set(file.path, placed);
    if (file.kind === "symlink") targets.set(file.path, file.target);
  }
  for (const { path, permissions } of modes) {
    const file = files.get(path);
    const mode = file === undefined || file.mode === SYMLINK_MODE ? null : changedMode(file.mode, permissions);
    if (file !== undefined && mode !== null) files.set(path, { ...file, mode });
    else if (file !== undefined && file.mode !== SYMLINK_MODE) undone.push(`chmod ${permissions} of ${path}`);
  }
  return { taken: { files: [...files.values()], targets, linked: [...linked.values()] }, undone };
}

interface Making {
  /** As they were unpacked. */
  readonly files: ReadonlyMap<string, InstalledFile>;
  /** By path. */
  readonly linked: Map<string, LinkedFile>;
  readonly undone: string[];
}

async function makeFile(context: EditContext, file: MadeFile, making: Making): Promise<InstalledFile | null> {
  const { path } = file;
  switch (file.kind) {
    case "symlink":
      return takenSymlink(context.intake, path, file.target);
    case "text": {
      const mode = PROGRAM.test(path) ? 0o755 : 0o644;
      return takenFile(await context.intake.add([Buffer.from(file.text)], mode), path, mode);
    }
    case "same": {
      const source = making.files.get(file.as);
      return source === undefined ? null : { ...source, path };
    }
    case "changed":
      return changeFile(context, file, making);
    case "unpacked":
      return unpackFile(context, file, making);
  }
}

async function changeFile(
  { intake, blobs }: EditContext,
  { path, as, replacements }: MadeFile & { readonly kind: "changed" },
  { files, undone }: Making,
): Promise<InstalledFile | null> {
  const source = files.get(as);
  const isText = source !== undefined && source.mode !== SYMLINK_MODE;
  const replaced = isText ? replaceText(await readLocalFile(blobs.pathOf(source.digest)), replacements) : null;
  if (source === undefined || replaced === null) {
    undone.push(`inreplace of ${path}, which is no text`);
    return null;
  }
  for (const missed of replaced.missed) undone.push(`inreplace of ${path}, which does not have "${missed}"`);
  return takenFile(await intake.add([replaced.bytes], source.mode), path, source.mode);
}

const PROGRAM_MODE = 0o755;

/** What is packed was kept from being relocated by that. */
async function unpackFile(
  { intake, blobs, prefix, maxRatio }: EditContext,
  { path, as }: MadeFile & { readonly kind: "unpacked" },
  { files, linked, undone }: Making,
): Promise<InstalledFile | null> {
  const source = files.get(as);
  if (source === undefined || source.mode === SYMLINK_MODE) {
    undone.push(`install_gzipped_executable of ${as}, which is no file`);
    return null;
  }
  const bytes = await gunzipped(blobs.pathOf(source.digest), { as, packedBytes: source.size, maxRatio });
  const relocated = Buffer.from(relocateFile({ path, bytes }, prefix));
  const linking = linkingOf(path, relocated);
  linked.delete(path);
  if (linking !== null) linked.set(path, { path, linking });
  return takenFile(await intake.add([relocated], PROGRAM_MODE), path, PROGRAM_MODE);
}

interface Packed {
  readonly as: string;
  readonly packedBytes: number;
  readonly maxRatio: number;
}

async function gunzipped(file: string, { as, packedBytes, maxRatio }: Packed): Promise<Buffer> {
  const invalid = (problem: string, cause?: unknown) => invalidArchive(`of "${as}", ${problem}`, cause);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of decompressStream(streamFile(file), "gzip", invalid)) {
    bytes += piece.byteLength;
    refuseRatio({ bytes, packedBytes, maxRatio });
    if (bytes > MAX_RELOCATED_BYTES) throw invalid(`more than ${MAX_RELOCATED_BYTES} bytes come out`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
