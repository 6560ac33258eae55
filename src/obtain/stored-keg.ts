import { SYMLINK_MODE } from "../fs/modes.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { readStartSync } from "../fs/read-start.ts";
import { digestHex } from "../oci/digest.ts";
import type { Installation, InstalledFile } from "../package/installation.ts";
import { isInPrefix, WHOLE_DIRECTORY } from "../package/place.ts";
import type { Resolution } from "../plan/resolution.ts";
import { afterPour, type PourContext, type PouredBottle } from "../pour/pour-bottle.ts";
import { type LinkedFile, linkingOf, MAX_RELOCATED_BYTES, type TakenKeg } from "../pour/take-keg.ts";
import { isLoadable } from "../relocate/scan.ts";
import type { ObtainContext } from "./obtained-package.ts";
import { filesInStore, hasPassed, recordsOf } from "./stored-records.ts";

/**
 * A bottle as it was poured for what is installed, or was before, into the same prefix, its files hashed again; null when that
 * was another one, when it has not passed what the policy requires now, or when the store no longer holds all of it.
 */
export async function kegInStore(
  context: ObtainContext & Pick<PourContext, "interpreter">,
  resolution: Resolution,
): Promise<PouredBottle | null> {
  const { expected, policy, origin } = resolution;
  for (const recorded of recordsOf(context, resolution)) {
    if (recorded.keg?.prefix !== context.prefix || !hasPassed(recorded, policy)) continue;
    const files = await filesInStore(context, recorded);
    if (files === null || origin.blob === null) continue;
    const taken = takenAs(context, files);
    const { commands, undone, warnings } = afterPour(context, resolution, taken);
    const after = { made: [], removed: [], modes: [], links: linksOf(recorded), commands, undone, warnings };
    const size = expected.sizeBytes ?? recorded.expected.sizeBytes ?? 0;
    const hashes = { sha256: digestHex(origin.blob) };
    return { blob: { digest: origin.blob, size, hashes }, taken, after, receivedBytes: 0 };
  }
  return null;
}

function takenAs(context: Pick<ObtainContext, "blobs">, files: readonly InstalledFile[]): TakenKeg {
  const pathOf = ({ digest }: InstalledFile) => context.blobs.pathOf(digest);
  const symlinks = files.filter(({ mode }) => mode === SYMLINK_MODE);
  return {
    files,
    targets: new Map(symlinks.map((file) => [file.path, readLocalFileSync(pathOf(file)).toString("utf8")])),
    linked: files.flatMap((file) => linkedOf(file, pathOf(file))),
  };
}

/** As much as shows whether it is a program or a library. */
const START_BYTES = 64;

function linkedOf({ path, mode, size }: InstalledFile, stored: string): readonly LinkedFile[] {
  if (mode === SYMLINK_MODE || size > MAX_RELOCATED_BYTES || !isLoadable(readStartSync(stored, START_BYTES))) return [];
  const linking = linkingOf(path, readLocalFileSync(stored));
  return linking === null ? [] : [{ path, linking }];
}

/** The links in the prefix, also those that another package has now; those to the whole of it are made anew. */
function linksOf({ links, taken }: Installation): Installation["links"] {
  return [...links, ...taken].filter(({ path, target }) => isInPrefix(path) && target !== WHOLE_DIRECTORY);
}
