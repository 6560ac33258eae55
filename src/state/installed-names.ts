import { openPicture } from "./picture.ts";

const LAST_CHARACTER = "\u{10ffff}";

/** Some names, and no more than `limit` of them, however many there are. */
export interface BegunNames {
  /** What the names begin with, in any case. */
  readonly begin: string;
  readonly limit: number;
}

/** Names of what is installed that begin so, in order. @throws {PkgError} those of openPicture() */
export function installedNames(path: string, { begin, limit }: BegunNames): readonly string[] {
  const picture = openPicture(path);
  try {
    return picture
      .all<{ name: string }>(
        "SELECT name FROM installations WHERE name >= ? AND name < ? ORDER BY name LIMIT ?",
        ...[begin, begin + LAST_CHARACTER, limit],
      )
      .map(({ name }) => name);
  } finally {
    picture.close();
  }
}
