import { byteCount } from "../base/format-bytes.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { describeFailure, type Failure, type WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { Digest } from "../oci/digest.ts";
import { type LayoutReport, type ListedManifest, listLayout, verifyLayout } from "../oci-layout/check.ts";
import { collectLayout, DEFAULT_GRACE_MS } from "../oci-layout/collect.ts";
import type { LayoutProblem } from "../oci-layout/problem.ts";
import { type InspectedEntry, inspectEntry } from "./manifest.ts";

/** A layout may be typed as `oci:DIRECTORY`, as everywhere, or as the directory alone. */
function directoryOf(text: string): string {
  return text.replace(/^oci:/, "");
}

/** The result of checking a layout. */
export interface VerifyLayoutOutcome {
  readonly directory: string;
  readonly blobCount: number;
  /** Of all blobs. */
  readonly sizeBytes: number;
  /** How many blobs something refers to. */
  readonly reachableCount: number;
  readonly problems: readonly (LayoutProblem & { readonly error: Failure })[];
  /** Manifests of unknown types: whether all that they name is there is not known. */
  readonly unknown: LayoutReport["unknown"];
}

/** Hashes every blob of a layout and follows every reference; each problem becomes an error in the outcome. */
export async function verifyOciLayout(
  cap: Pick<Capabilities, "signal" | "emit">,
  text: string,
): Promise<WithErrors<VerifyLayoutOutcome>> {
  const directory = directoryOf(text);
  const { blobs, bytes, reachable, problems, unknown } = await verifyLayout(directory, cap.signal);
  const errors = problems.map((problem) => problemError(directory, problem));
  const told = problems.map((problem) => ({ ...problem, error: describeFailure(problemError(directory, problem)) }));
  for (const { digest, mediaType } of unknown) {
    const message = `"${digest}" is of the type "${mediaType}": whether all that it names is there cannot be told`;
    cap.emit({ kind: "warning", message });
  }
  return {
    outcome: { directory, blobCount: blobs, sizeBytes: bytes, reachableCount: reachable, problems: told, unknown },
    errors,
  };
}

function problemError(directory: string, problem: LayoutProblem): PkgError {
  const what = `Cannot verify "${directory}"`;
  switch (problem.kind) {
    case "corrupt":
      return new PkgError("DIGEST_MISMATCH", `${what}: blob "${problem.digest}" does not hash to its name`);
    case "missing":
      return new PkgError("LAYOUT_INVALID", `${what}: blob "${problem.digest}" is missing${namedBy(problem.by)}`);
    case "size":
      return new PkgError(
        "SIZE_MISMATCH",
        `${what}: blob "${problem.digest}" has ${byteCount(problem.found)}, expected ${problem.expected}${namedBy(problem.by)}`,
      );
    case "invalid":
      return new PkgError("LAYOUT_INVALID", `${what}: manifest "${problem.digest}" cannot be read: ${problem.reason}`);
    case "foreign":
      return new PkgError("LAYOUT_INVALID", `${what}: "${problem.name}" among its blobs is not a blob`);
  }
}

function namedBy(manifest: Digest | null): string {
  return manifest === null ? ", named by index.json" : `, named by "${manifest}"`;
}

/** The manifests of a layout. */
export interface ListLayoutOutcome {
  readonly directory: string;
  readonly manifests: readonly LayoutManifest[];
}

/** A manifest of a layout. */
export interface LayoutManifest extends Omit<InspectedEntry, "title"> {
  readonly tags: readonly string[];
  /** Of it and all that it leads to. */
  readonly sizeBytes: number;
}

/** Lists the manifests of a layout and their tags. */
export async function listOciLayout(cap: Pick<Capabilities, "signal">, text: string): Promise<ListLayoutOutcome> {
  const directory = directoryOf(text);
  return { directory, manifests: (await listLayout(directory, cap.signal)).map(describeListed) };
}

function describeListed({ descriptor, tags, bytes }: ListedManifest): LayoutManifest {
  const { title: _, ...entry } = inspectEntry(descriptor);
  return { ...entry, tags, sizeBytes: bytes };
}

/** What was removed from a layout, or would be. */
export interface CollectLayoutOutcome {
  readonly directory: string;
  readonly dryRun: boolean;
  readonly removed: readonly Digest[];
  /** How many files of interrupted transfers. */
  readonly partialCount: number;
  /** Of all that was removed. */
  readonly sizeBytes: number;
}

/** Removes unreferenced blobs from a layout. A null `graceMs` means DEFAULT_GRACE_MS. */
export async function collectOciLayout(
  cap: Pick<Capabilities, "signal" | "now">,
  request: { readonly directory: string; readonly dryRun: boolean; readonly graceMs: number | null },
): Promise<CollectLayoutOutcome> {
  const directory = directoryOf(request.directory);
  const { dryRun, graceMs } = request;
  const report = await collectLayout(directory, {
    dryRun,
    graceMs: graceMs ?? DEFAULT_GRACE_MS,
    nowMs: cap.now(),
    signal: cap.signal,
  });
  const { removed, partials, bytes } = report;
  return { directory, dryRun, removed, partialCount: partials, sizeBytes: bytes };
}
