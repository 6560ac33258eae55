import type { PackageOrigin } from "../plan/origin.ts";
import type { Resolution } from "../plan/resolution.ts";
import { openArtifactSource } from "./artifact-source.ts";
import { openBottleSource } from "./bottle-source.ts";
import { openDownloadSource } from "./download-source.ts";
import { openImageSource } from "./image-source.ts";
import type { OpenRequest, PackageSource } from "./package-source.ts";
import type { SourceContext } from "./source-context.ts";

type Open<Origin> = (context: SourceContext, request: OpenRequest<Origin>) => Promise<PackageSource>;

/** One opener for each kind of origin: a new kind takes a file in this folder, and a row here. */
const OPENERS: { readonly [Kind in PackageOrigin["kind"]]: Open<PackageOrigin & { readonly kind: Kind }> } = {
  artifact: openArtifactSource,
  download: openDownloadSource,
  bottle: openBottleSource,
  image: openImageSource,
};

/**
 * Opens the source of a resolution's bytes; the caller closes it.
 *
 * @param task for the error message: "Cannot TASK: --offline is set"
 * @throws {PkgError} OFFLINE; those of the place
 */
export function openPackageSource(
  context: SourceContext,
  resolution: Resolution,
  task = `fetch "${resolution.name}"`,
): Promise<PackageSource> {
  const { origin } = resolution;
  const open = OPENERS[origin.kind] as Open<PackageOrigin>;
  return open(context, { resolution, origin, task });
}
