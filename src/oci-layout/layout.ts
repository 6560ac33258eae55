import type { LocalTarget } from "../oci/local-target.ts";
import { layoutDirectory } from "./directory.ts";
import { layoutTarget } from "./target.ts";

/**
 * An OCI image layout in a directory, as a place to read from and write to. Nothing is touched before the first call; the
 * first that writes makes the directory a layout.
 *
 * @see OCI image-spec 1.1, image-layout.md
 */
export function openLayout(directory: string): LocalTarget {
  return layoutTarget(layoutDirectory(directory));
}
