import type { Resolution } from "../plan/resolution.ts";
import { takeArtifact } from "./take-artifact.ts";
import { placeName, takeBlob } from "./take-blob.ts";
import type { TakenContents, TakingContext } from "./taking.ts";

/**
 * Copies all of a package: its files, CHECKSUM, signatures, and what refers to it, as they are.
 *
 * @throws {PkgError} those of its place, and of the target
 */
export async function takeContents(context: TakingContext, resolution: Resolution): Promise<TakenContents> {
  const { origin } = resolution;
  switch (origin.kind) {
    case "artifact":
    case "image":
      return takeArtifact(context, resolution, origin);
    case "bottle":
    case "download": {
      const { manifest, blob } = await takeBlob(context, resolution);
      const none = { main: manifest, manifests: [manifest], documents: [] };
      if (origin.kind === "download") return { ...none, place: null, download: { url: origin.url, digest: blob } };
      return { ...none, place: { name: placeName(resolution), tags: {} }, download: null };
    }
  }
}
