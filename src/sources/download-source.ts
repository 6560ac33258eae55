import type { DownloadOrigin } from "../plan/origin.ts";
import type { OpenRequest, PackageSource } from "./package-source.ts";
import type { SourceContext } from "./source-context.ts";

/**
 * Opens a package that is one file at an address; the index alone says what its bytes must be. Whether it is an archive shows
 * once it is there.
 */
export async function openDownloadSource(
  context: SourceContext,
  { resolution, origin, task }: OpenRequest<DownloadOrigin>,
): Promise<PackageSource> {
  const network = await context.network();
  const url = new URL(origin.url);
  const main = { digest: origin.blob, size: resolution.expected.sizeBytes };
  return {
    main,
    place: null,
    contents: async () => ({
      manifest: null,
      programs: [{ title: resolution.name, blob: main, isArchive: true }],
      documents: new Map(),
      links: [],
      dependencies: [],
    }),
    openBlob: (_blob, position, signal) => network.download({ url, ...position, signal }, { task, namedBy: "index" }),
    close: async () => {},
  };
}
