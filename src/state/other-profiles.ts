import { readdirSync } from "node:fs";
import { join } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import type { Database } from "./database.ts";
import { editionDigests } from "./edition-document.ts";
import { createJournal } from "./journal.ts";
import { openPicture } from "./picture.ts";

/** The other profiles of a home. */
export interface OtherProfiles {
  /** The state databases of the others. */
  readonly databases: () => readonly string[];
  /** The store that they share. */
  readonly blobs: string;
}

/**
 * What other profiles need of the store: what is installed in them, what their kept generations could bring back, and what is being placed
 * right now. If that of one cannot be read, it is everything that is there.
 */
export function neededElsewhere({ databases, blobs }: OtherProfiles): ReadonlySet<Digest> {
  try {
    return new Set(databases().flatMap((path) => reading(path, (picture) => [...digestsOf(picture)])));
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    return allIn(blobs);
  }
}

/** Whether packages of a repository, by its row of `repository_owners`, are installed in other profiles. */
export function isOwnerElsewhere({ databases }: Pick<OtherProfiles, "databases">): (owner: number) => boolean {
  return (owner) => {
    try {
      return databases().some((path) =>
        reading(path, (picture) => picture.get("SELECT 1 FROM installations WHERE owner = ?", owner) !== undefined),
      );
    } catch (error) {
      if (!(error instanceof PkgError)) throw error;
      return true;
    }
  };
}

function reading<T>(path: string, read: (picture: Database) => T): T {
  const picture = openPicture(path);
  try {
    return read(picture);
  } finally {
    picture.close();
  }
}

function digestsOf(picture: Database): ReadonlySet<Digest> {
  const begun = createJournal(picture).open();
  return new Set([
    ...picture.all<{ digest: Digest }>("SELECT DISTINCT digest FROM files").map(({ digest }) => digest),
    ...editionDigests(picture),
    ...begun.flatMap(({ intent }) =>
      intent.installs.flatMap(({ installation }) => installation.files.map(({ digest }) => digest)),
    ),
  ]);
}

function allIn(blobs: string): ReadonlySet<Digest> {
  const names = ["sha256", "sha512"].flatMap((algorithm) =>
    listed(join(blobs, algorithm)).map((hex) => `${algorithm}:${hex}`),
  );
  return new Set(names.filter(isDigest));
}

function listed(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
