import type { BlobIntake } from "../blobs/blob-store.ts";
import { SYMLINK_MODE } from "../fs/modes.ts";
import type { InstalledFile } from "../package/installation.ts";
import type { MadeFile } from "./keg-edits.ts";
import type { PostInstalled } from "./post-install.ts";
import type { TakenKeg } from "./take-keg.ts";

const PROGRAM = /(?:^|\/)s?bin\/[^/]+$/;

/** The keg with the files that it gets after it was unpacked, and without those that it loses. */
export async function editKeg(
  intake: BlobIntake,
  taken: TakenKeg,
  { made, removed }: Pick<PostInstalled, "made" | "removed">,
): Promise<TakenKeg> {
  if (made.length + removed.length === 0) return taken;
  const files = new Map(taken.files.map((file) => [file.path, file]));
  const targets = new Map(taken.targets);
  const copied = new Map(files);
  for (const path of removed) {
    files.delete(path);
    targets.delete(path);
  }
  for (const file of made) {
    const placed = await makeFile(intake, file, copied);
    if (placed === null) continue;
    files.set(file.path, placed);
    if (file.kind === "symlink") targets.set(file.path, file.target);
  }
  return { ...taken, files: [...files.values()], targets };
}

async function makeFile(
  intake: BlobIntake,
  file: MadeFile,
  files: ReadonlyMap<string, InstalledFile>,
): Promise<InstalledFile | null> {
  const { path } = file;
  if (file.kind === "same") {
    const source = files.get(file.as);
    return source === undefined ? null : { ...source, path };
  }
  const isLink = file.kind === "symlink";
  const mode = isLink ? 0o644 : PROGRAM.test(path) ? 0o755 : 0o644;
  const { digest, size } = await intake.add([Buffer.from(isLink ? file.target : file.text)], mode);
  return { path, digest, size, mode: isLink ? SYMLINK_MODE : mode, blake3: null };
}
