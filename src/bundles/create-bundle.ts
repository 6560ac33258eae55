import { mapConcurrently } from "../base/concurrency.ts";
import { BUNDLE_TAG, bundleLocation } from "../bundle-format/location.ts";
import type { BundledPackage, BundleTable } from "../bundle-format/table.ts";
import { PkgError } from "../errors.ts";
import { withTemporaryDirectory } from "../fs/temporary-directory.ts";
import type { Target } from "../oci/content.ts";
import { copy } from "../oci/copy.ts";
import type { DescriptorPlatform } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { formatLocation, keyIn, type LayoutLocation } from "../oci/location.ts";
import { isTag, tagText } from "../oci/reference.ts";
import { openLayout } from "../oci-layout/layout.ts";
import { COMPILER } from "../package/compiler.ts";
import { ociPlatform } from "../package/platform.ts";
import type { Waiver } from "../package/policy.ts";
import type { Resolution } from "../plan/resolution.ts";
import { isReference } from "../resolve/spec.ts";
import { type BundleCapabilities, type Gathered, gatherPlatform } from "./gather-platform.ts";
import type { BundleOutcome } from "./outcome.ts";
import { checkBundleOutput, writeBundleOutput } from "./output.ts";
import { takeContents } from "./take-contents.ts";
import type { TakenContents } from "./taking.ts";
import { wantedFor } from "./wanted.ts";
import { writeBundle } from "./write-bundle.ts";

export interface CreateBundleRequest {
  /** As typed. */
  readonly specs: readonly string[];
  /** A lock file, as typed, whose packages go in instead; null: none. */
  readonly lock: string | null;
  /** e.g. `x86_64-linux`; empty: all that are locked, or a machine like this one. */
  readonly platforms: readonly string[];
  /** As typed: a file whose name ends in `.tar`, a directory, `oci:DIR`, `oci-archive:FILE`. */
  readonly output: string;
  readonly directory: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly skip: readonly Waiver[];
  readonly key: string | null;
}

/**
 * Writes packages with all that they need, and with what it takes to verify them, into an OCI layout or a tar of one. If anything
 * that was asked for cannot be had, nothing is written.
 *
 * @throws {PkgError} USAGE, REFERENCE_INVALID, PATH_CONFLICT; those of planInstall, of the places, and of the disk
 */
export async function createBundle(
  cap: BundleCapabilities,
  request: CreateBundleRequest,
): Promise<{ readonly outcome: BundleOutcome; readonly errors: readonly PkgError[] }> {
  const location = layoutLocation(request);
  const wanted = wantedFor(request, cap.config.host);
  checkBundleOutput({ location, force: request.force });
  return withTemporaryDirectory("pkg-bundle-", async (temporary) => {
    const held = openLayout(`${temporary}/indexes`);
    const gathered: Gathered[] = [];
    for (const { platform, locked } of wanted) {
      gathered.push(await gatherPlatform(cap, { ...request, platform, locked, held, temporary }));
    }
    tellCompiler(cap, gathered);
    const errors = gathered.flatMap((each) => each.errors);
    const foreseen = outcomeOf({ request, location, gathered });
    if (request.dryRun || errors.length > 0) return { outcome: foreseen, errors };
    const written = await write(cap, { request, location, gathered, held });
    return { outcome: { ...foreseen, ...written }, errors };
  });
}

function layoutLocation({ output, directory }: CreateBundleRequest): LayoutLocation {
  const location = bundleLocation(output, directory);
  if (location.kind !== "registry" && location.digest === null) return location;
  throw new PkgError(
    "USAGE",
    `Cannot write a bundle to "${output}": expected a file that ends in .tar, or a directory`,
    {
      hint: `Write it to a file first, then: pkg oci copy oci-archive:FILE:${BUNDLE_TAG} ${output}`,
    },
  );
}

/** Whether bottles need the compiler's libraries depends on the machine that they are poured on. */
function tellCompiler({ emit }: Pick<BundleCapabilities, "emit">, gathered: readonly Gathered[]): void {
  const all = gathered.flatMap(({ resolutions }) => resolutions);
  const bottle = all.find(({ origin }) => origin.kind === "bottle");
  if (bottle === undefined || all.some(({ name }) => name === COMPILER)) return;
  const message = `A machine whose C++ library is older than that of the bottles needs the package ${COMPILER} too: name it as well to carry it along`;
  emit({ kind: "note", message });
}

interface Writing {
  readonly request: CreateBundleRequest;
  readonly location: LayoutLocation;
  readonly gathered: readonly Gathered[];
  readonly held: Target;
}

async function write(cap: BundleCapabilities, writing: Writing): Promise<Pick<BundleOutcome, "digest" | "sizeBytes">> {
  const { location, request, gathered, held } = writing;
  const { signal, retry, emit, config } = cap;
  const plan = JSON.stringify(outcomeOf(writing).packages);
  return writeBundleOutput({ location, force: request.force, plan }, signal, async (target) => {
    const wanted = gathered.flatMap(({ machine, resolutions }) =>
      resolutions.map((resolution) => ({ machine, resolution })),
    );
    emit({ kind: "tasks-planned", tasks: wanted.length, totalBytes: null });
    const taken = await mapConcurrently(wanted, config.concurrency, async ({ machine, resolution }) => {
      const { name: id, version, expected } = resolution;
      emit({ kind: "task-started", id, title: `${id} ${version}`, totalBytes: expected.sizeBytes });
      const context = { network: cap.network, machine, target, concurrency: config.concurrency, retry, emit, signal };
      const contents = await takeContents(context, resolution);
      emit({ kind: "task-done", id, summary: "taken" });
      return { resolution, platform: machine.host, contents };
    });
    const indexes = new Set(gathered.flatMap((each) => each.indexes.map(({ manifest }) => manifest)));
    for (const manifest of indexes) await copy(held, target, { from: manifest, to: null, signal });
    const digest = await writeBundle(
      target,
      {
        table: tableOf(writing, taken),
        manifests: [...indexes, ...taken.flatMap(({ contents }) => contents.manifests)],
        platforms: new Map(taken.map(({ contents, platform }) => [contents.main, platformOf(platform)])),
        documents: taken.flatMap(({ contents }) => contents.documents),
        tags: tagsOf(taken),
        tag: keyIn(location).tag ?? BUNDLE_TAG,
      },
      signal,
    );
    return { digest, sizeBytes: await sizeOf(target, digest, signal) };
  });
}

interface Taken {
  readonly resolution: Resolution;
  readonly platform: string;
  readonly contents: TakenContents;
}

function platformOf(host: string): DescriptorPlatform {
  const { os, architecture } = ociPlatform(host);
  return { os, architecture };
}

/** `trurl-8.14.1-x86_64-linux` */
function tagsOf(taken: readonly Taken[]): ReadonlyMap<string, Digest> {
  const tags = new Map<string, Digest>();
  for (const { resolution, platform, contents } of taken) {
    const tag = tagText(`${resolution.name}-${resolution.version}-${platform}`).slice(0, 128);
    if (isTag(tag) && !tags.has(tag)) tags.set(tag, contents.main);
  }
  return tags;
}

function tableOf(writing: Pick<Writing, "request" | "gathered">, taken: readonly Taken[]): BundleTable {
  const { request, gathered } = writing;
  const places = new Map<string, Record<string, Digest>>();
  for (const { place } of taken.map(({ contents }) => contents)) {
    if (place !== null) places.set(place.name, { ...places.get(place.name), ...place.tags });
  }
  const downloads = new Map(
    taken.flatMap(({ contents: { download } }) => (download ? [[download.url, download]] : [])),
  );
  return {
    requested: [...new Set(request.lock === null ? request.specs : gathered.flatMap(rootsOf))],
    platforms: gathered.map(({ platform }) => platform),
    indexes: gathered.flatMap(({ indexes }) => indexes.map(({ told: _, ...index }) => index)),
    packages: packagesOf(gathered),
    places: [...places]
      .toSorted(byFirst)
      .map(([name, tags]) => ({ name, tags: Object.fromEntries(Object.entries(tags).toSorted(byFirst)) })),
    downloads: [...downloads].toSorted(byFirst).map(([, download]) => download),
    documents: [...new Set(taken.flatMap(({ contents }) => contents.documents.map(({ digest }) => digest)))].toSorted(),
  };
}

/** What was declared, with its locked version, as `install` takes it. */
function rootsOf({ resolutions }: Gathered): readonly string[] {
  return resolutions
    .filter(({ isDependency }) => !isDependency)
    .map(({ name, packageName = name, version, repository, requested, origin }) =>
      repository === null
        ? isReference(requested)
          ? requested
          : origin.text
        : `${packageName}@${version}:${repository}`,
    )
    .toSorted();
}

function byFirst([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function packagesOf(gathered: readonly Gathered[]): readonly BundledPackage[] {
  return gathered.flatMap(({ platform, resolutions }) =>
    resolutions
      .map(({ name, version, repository, origin, expected, isDependency }) => ({
        ...{ name, version, platform, repository, reference: origin.text },
        ...{ sizeBytes: expected.sizeBytes, isDependency },
      }))
      .toSorted((one, other) => byFirst([one.name, null], [other.name, null])),
  );
}

function outcomeOf({ request, location, gathered }: Omit<Writing, "held">): BundleOutcome {
  const taken = packagesOf(gathered);
  const repositories = gathered.flatMap((each) => each.indexes.map(({ told }) => told));
  return {
    dryRun: request.dryRun,
    target: formatLocation(location),
    digest: null,
    platforms: gathered.map(({ platform }) => platform),
    packages: [...taken, ...gathered.flatMap((each) => each.failed)],
    repositories,
    sizeBytes: [...taken, ...repositories].reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
  };
}

/** Of all blobs and manifests. */
async function sizeOf(target: Target, root: Digest, signal: AbortSignal): Promise<number> {
  const sizes = new Map<string, number>();
  const document = await target.fetchManifest(root, signal);
  if (document.kind !== "index") return 0;
  for (const { digest, size } of document.index.manifests) {
    sizes.set(digest, size);
    const entry = await target.fetchManifest(digest, signal);
    if (entry.kind !== "manifest") continue;
    for (const layer of entry.manifest.layers) sizes.set(layer.digest, layer.size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
