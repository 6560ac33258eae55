import type { StoredBlob } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import { isMadeFile, portableMarks } from "../package/holdings.ts";
import type { InstalledFile } from "../package/installation.ts";
import { takenFile } from "../unpack/taken-file.ts";
import { type VerifiedPackage, withMade } from "../verify/package.ts";
import {
  type DesktopContext,
  type DesktopPackage,
  type DesktopPlaces,
  makeDesktopFiles,
} from "./make-desktop-files.ts";
import { makeZshCompletions } from "./make-zsh-completions.ts";

/** What is made for packages beside their own files. */
export interface Making {
  /** Where desktop entries lead. */
  readonly places: DesktopPlaces;
  /** Whether an AppImage gets directories of its own for its home and its configuration, by the name of its package. */
  readonly isPortable: (name: string) => boolean;
}

interface MakingContext extends Omit<DesktopContext, "places"> {
  readonly making?: Making;
  /** Called with blobs that are of no use in the store. */
  readonly discard: (blobs: readonly StoredBlob[]) => void;
}

/** A package of which nothing is made yet. */
export interface UnmadePackage extends Omit<DesktopPackage, "files" | "isAppImage"> {
  /** The title of its program, if that is an AppImage; null: it is none. */
  readonly appImage: string | null;
}

/**
 * A package with what is made for it; itself where nothing is placed.
 *
 * @throws {PkgError} PACKAGE_UNINSTALLABLE for a package that has such files itself; as makeDesktopFiles
 */
export async function withMadeFiles(
  { making, discard, ...context }: MakingContext,
  verified: VerifiedPackage,
  { appImage, ...item }: UnmadePackage,
): Promise<VerifiedPackage> {
  refuseReserved(item.name, verified, discard);
  if (making === undefined) return verified;
  const isPortable = appImage !== null && making.isPortable(item.name);
  return withMade(verified, async (files) => [
    ...(await makeDesktopFiles(
      { ...context, places: making.places },
      { ...item, files, isAppImage: appImage !== null },
    )),
    ...(await makeZshCompletions(context, { ...item, files })),
    ...(isPortable ? await makePortable(context, appImage) : []),
  ]);
}

/** What is made is trusted to lead nowhere else: nothing that a package brings may be taken for it. */
function refuseReserved(name: string, { files, fetched }: VerifiedPackage, discard: MakingContext["discard"]): void {
  const reserved = files.find(({ path }) => isMadeFile(path));
  if (reserved === undefined) return;
  const archives = fetched.programs.map(({ blob }) => blob);
  discard([...archives, ...files.map(({ digest, size }) => ({ digest, size, hashes: {} }))]);
  throw new PkgError(
    "PACKAGE_UNINSTALLABLE",
    `Cannot install "${name}": it has a file "${reserved.path}", whose name is kept for what pkg makes itself`,
    { hint: "Tell the publisher to call it something else" },
  );
}

const MARK_TEXT = "The AppImage beside this directory keeps its files in it, because it is there.\n";
const FILE_MODE = 0o644;

/** What makes an AppImage use directories beside it as home and config. @see the AppImage runtime, "Portable mode" */
async function makePortable(context: Omit<DesktopContext, "places">, title: string): Promise<readonly InstalledFile[]> {
  const intake = context.blobs.intake(context.signal);
  try {
    const mark = await intake.add([Buffer.from(MARK_TEXT)], FILE_MODE);
    await intake.finish();
    return portableMarks(title).map((path) => takenFile(mark, path, FILE_MODE));
  } catch (error) {
    await intake.abandon();
    throw error;
  }
}
