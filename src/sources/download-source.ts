import { hasCode, PkgError } from "../errors.ts";
import type { DownloadOrigin } from "../plan/origin.ts";
import { oneFile } from "./one-file.ts";
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
    ...oneFile(resolution, main),
    openBlob: ({ size }, position, signal) =>
      network.download({ url, size, ...position, signal }, { task, namedBy: "index" }),
    what: `"${origin.url}"`,
    explain,
    close: async () => {},
  };
}

/** Files on release pages are replaced now and then: the one that the index describes is not there any more. */
function explain(error: unknown): unknown {
  if (!hasCode(error, "DIGEST_MISMATCH", "SIZE_MISMATCH")) return error;
  return new PkgError(error.code, error.message, { isAbsence: true, cause: error });
}
