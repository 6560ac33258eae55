import { resolve } from "node:path";
import { parseDuration } from "../base/duration.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import { collectGarbage } from "../registry/collect-garbage.ts";
import { RootFiles } from "../registry/root-files.ts";
import { storagePaths } from "../registry/storage-paths.ts";
import { withRegistryLock } from "./serve-registry.ts";

/** Which registry to clean up, and what to remove. */
export interface GarbageRequest {
  readonly root: string;
  /** The directory that a relative root is relative to. */
  readonly directory: string;
  readonly dryRun: boolean;
  /** Whether manifests that no tag leads to are removed as well. */
  readonly untagged: boolean;
  /** As typed, e.g. `1h`: what is younger than this stays. */
  readonly grace: string;
}

/** What was removed, or would be with `dryRun`. */
export interface GarbageOutcome {
  readonly dryRun: boolean;
  readonly repositoryCount: number;
  /** Manifests that no tag led to. */
  readonly manifestCount: number;
  /** Memberships: blobs taken out of a repository in which no manifest names them. */
  readonly linkCount: number;
  /** Files of blobs and manifests, and drafts that a killed process left behind. */
  readonly fileCount: number;
  /** Of those files. */
  readonly sizeBytes: number;
}

/**
 * Removes what no manifest of a registry uses. Nothing is made where there is no registry.
 *
 * @throws {PkgError} CONFIG_INVALID; LOCKED while the registry is served; LAYOUT_INVALID, also for a directory that holds no
 * registry; FILE_SYSTEM
 */
export async function collectRegistryGarbage(
  { signal, now }: Pick<Capabilities, "signal" | "now">,
  { root, directory, dryRun, untagged, grace }: GarbageRequest,
): Promise<GarbageOutcome> {
  const graceMs = parseDuration(grace, "--grace");
  if (graceMs === null) throw new PkgError("USAGE", 'Cannot use --grace "never": nothing would ever be removed');
  const options = { dryRun, graceMs, now: now(), signal };
  const place = resolve(directory, root);
  await expectRegistry(place);
  return withRegistryLock(signal, place, async (path) => {
    const report = await collectGarbage({ ...options, root: path, untagged: untagged ? "remove" : "keep" });
    const { repositories, manifests, links, files, bytes } = report;
    return {
      ...{ dryRun, repositoryCount: repositories, manifestCount: manifests },
      ...{ linkCount: links, fileCount: files, sizeBytes: bytes },
    };
  });
}

/** Whoever mistypes a path is told so, and finds neither a new directory nor a lock in somebody's directory afterwards. */
async function expectRegistry(root: string): Promise<void> {
  const files = RootFiles.find(root);
  const found = files === null ? [] : await Promise.all(storagePaths(files).blobs.map((path) => files.entry(path)));
  if (found.some((entry) => entry !== null)) return;
  const problem = files === null ? "there is no such directory" : "it holds no registry";
  throw new PkgError("LAYOUT_INVALID", `Cannot collect the garbage of "${root}": ${problem}`, {
    hint: "Name the directory that `pkg registry serve --root` was given",
  });
}
