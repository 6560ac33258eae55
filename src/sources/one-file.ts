import type { BlobAddress } from "../oci/content.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { PackageSource } from "./package-source.ts";

/** What a package is that consists of one file, which may be an archive, and about which the index says everything. */
export function oneFile(
  { name }: Pick<Resolution, "name">,
  main: BlobAddress,
): Pick<PackageSource, "main" | "place" | "contents"> {
  return {
    main,
    place: null,
    contents: async () => ({
      manifest: null,
      programs: [{ title: name, blob: main, isArchive: true }],
      documents: new Map(),
      links: [],
    }),
  };
}
