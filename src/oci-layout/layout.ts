import type { LocalTarget } from "../oci/local-target.ts";
import { layoutDirectory } from "./directory.ts";
import { layoutTarget } from "./target.ts";

/**
 * Opens an OCI image layout in a directory for reading and writing. Nothing is touched before the first call; the first
 * write creates the layout.
 *
 * @see OCI image-spec 1.1, image-layout.md
 */
export function openLayout(directory: string): LocalTarget {
  return layoutTarget(layoutDirectory(directory));
}
