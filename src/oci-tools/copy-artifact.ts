import type { EmitEvent } from "../base/events.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { copy } from "../oci/copy.ts";
import type { CopyHooks, CopySummary } from "../oci/copy-options.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { TITLE_ANNOTATION } from "../oci/descriptor.ts";
import { isDigest } from "../oci/digest.ts";
import { parsePlatform } from "../oci/platform.ts";
import { keyAmong, type OpenedPlace, openSource, openTarget, type PlaceCapabilities, withPlace } from "./open-place.ts";

/** What to copy, and where to. */
export interface CopyRequest {
  readonly source: string;
  readonly target: string;
  /** `os/architecture[/variant]`: copies only that manifest of an image index; null: the whole index. */
  readonly platform: string | null;
  /** Whether to copy referrers too. */
  readonly referrers: boolean;
}

/** What was copied between which places. */
export interface CopyOutcome extends CopySummary {
  readonly source: string;
  readonly target: string;
}

/** What copyArtifact() uses of the outside world. */
export type CopyCapabilities = PlaceCapabilities & Pick<Capabilities, "config" | "emit" | "retry">;

/** Copies an artifact and everything it names between any two places; content that the target has is not sent. */
export function copyArtifact(cap: CopyCapabilities, request: CopyRequest): Promise<CopyOutcome> {
  const { source, target, referrers } = request;
  const platform = request.platform === null ? "all" : parsePlatform(request.platform);
  return withPlace(openSource(cap, source), (from) =>
    withPlace(openTarget(cap, target), async (to) => {
      const summary = await copy(from.place, to.place, {
        from: await keyAmong(from, cap.signal),
        to: tagFor(to, from),
        platform,
        referrers,
        concurrency: cap.config.concurrency,
        mountFrom: mountable(from, to),
        retry: cap.retry,
        signal: cap.signal,
        hooks: progressOf(cap.emit),
      });
      return { source, target, ...summary };
    }),
  );
}

/** A target without a tag gets the source's tag, so that the copy can be found. */
function tagFor(to: OpenedPlace, from: OpenedPlace): string | null {
  if (to.digest !== null) {
    throw new PkgError(
      "REFERENCE_INVALID",
      `Cannot copy to "${to.place.location}@${to.digest}": the content determines the digest`,
      {
        hint: `Name a tag: ${to.place.location}:TAG`,
      },
    );
  }
  if (to.tag !== null) return to.tag;
  return from.key !== null && !isDigest(from.key) ? from.key : null;
}

/** Blobs can be mounted from another repository of the same registry. */
function mountable({ location: from }: OpenedPlace, { location: to }: OpenedPlace): string | null {
  if (from.kind !== "registry" || to.kind !== "registry") return null;
  return from.reference.registry === to.reference.registry ? from.reference.name : null;
}

function progressOf(emit: EmitEvent): CopyHooks {
  const started = new Set<string>();
  const start = (blob: Descriptor) => {
    if (started.has(blob.digest)) return;
    started.add(blob.digest);
    const title = blob.annotations[TITLE_ANNOTATION] ?? blob.digest;
    emit({ kind: "task-started", id: blob.digest, title, totalBytes: blob.size });
  };
  return {
    onProgress: (blob, bytes, resumedBytes = 0) => {
      start(blob);
      emit({ kind: "task-progress", id: blob.digest, bytes, totalBytes: blob.size, resumedBytes });
    },
    onBlob: (blob, how) => {
      start(blob);
      emit({ kind: "task-done", id: blob.digest, summary: how === "sent" ? "copied" : how });
    },
    onSkipped: (blob) => {
      const message = `Skipped layer "${blob.digest}": it may not be distributed and is not in the source`;
      emit({ kind: "warning", message });
    },
  };
}
