import type { BlobIntake } from "../blobs/blob-store.ts";
import type { InstalledFile } from "../package/installation.ts";
import { takenFile, takenSymlink } from "../unpack/taken-file.ts";
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
  if (file.kind === "symlink") return takenSymlink(intake, path, file.target);
  const mode = PROGRAM.test(path) ? 0o755 : 0o644;
  return takenFile(await intake.add([Buffer.from(file.text)], mode), path, mode);
}
