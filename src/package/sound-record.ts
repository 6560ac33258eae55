import { isDigest } from "../oci/digest.ts";
import type { Installation } from "./installation.ts";
import { isInside, pathOfPlace, WHOLE_DIRECTORY } from "./place.ts";

type Recorded = Pick<Installation, "directory" | "files" | "links" | "taken">;

/**
 * What of a record cannot have been recorded, as a failing disk or a person has changed it since: a path that leads out of where packages
 * are placed, or a digest that is none. Null: nothing.
 */
export function unsoundIn({ directory, files, links, taken }: Recorded): string | null {
  const linked = [...links, ...taken];
  const paths = [directory, ...files.map(({ path }) => path), ...linked.map(({ path }) => path)].map(pathOfPlace);
  const targets = linked.map(({ target }) => target).filter((target) => target !== WHOLE_DIRECTORY);
  const digests = files.map(({ digest }): string => digest);
  return [...paths, ...targets].find((path) => !isInside(path)) ?? digests.find((text) => !isDigest(text)) ?? null;
}
