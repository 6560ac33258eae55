import { openLocation } from "../network/open-location.ts";
import type { BottleOrigin } from "../plan/origin.ts";
import { oneFile } from "./one-file.ts";
import type { OpenRequest, PackageSource } from "./package-source.ts";
import type { SourceContext } from "./source-context.ts";

/**
 * Opens a bottle. It is asked for by its digest at once: the index says all that its manifest would.
 *
 * @throws {PkgError} OFFLINE
 */
export async function openBottleSource(
  context: SourceContext,
  { resolution, origin, task }: OpenRequest<BottleOrigin>,
): Promise<PackageSource> {
  const { place, close } = await openLocation(context.network, origin.location, { task, namedBy: "index" });
  const main = { digest: origin.blob, size: resolution.expected.sizeBytes };
  return {
    ...oneFile(resolution, main),
    openBlob: (blob, position, signal) => place.openBlob(blob, position, signal),
    close: () => close(),
  };
}
