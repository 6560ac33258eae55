import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import type { Repository } from "../config/config.ts";
import { hasCode, PkgError } from "../errors.ts";
import { type Digest, sha256Digest } from "../oci/digest.ts";
import { parseReference } from "../oci/reference.ts";
import { unsupported } from "../package/machine.ts";
import type { IndexedPackage, PackageEntry, Snapshot } from "../package/metadata.ts";
import { ownersFirst } from "../package/narrow.ts";
import type { Check, Policy, Waiver } from "../package/policy.ts";
import { selectPackage } from "../package/select.ts";
import type { NamedSpec } from "../package/spec.ts";
import type { Resolution, Source } from "../plan/resolution.ts";
import { refreshIndexes } from "../repositories/refresh.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { checkUse, tellExpired } from "../repositories/use-index.ts";
import type { IndexMeta, IndexTrust, PackageIndex } from "../state/package-index.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { resolveReference } from "./resolve-reference.ts";
import { parseSpec } from "./spec.ts";

export interface ResolveOptions {
  /** Checks that the user chose to go without. */
  readonly skip: readonly Waiver[];
  /** The public key of the publisher of direct references, as a person gave it; null: none. */
  readonly key: string | null;
}

export type ResolveCapabilities = SyncCapabilities & Pick<Capabilities, "state">;

/** Each spec with what it means, or why it means nothing. */
export type Resolved =
  | { readonly requested: string; readonly resolution: Resolution }
  | { readonly requested: string; readonly error: PkgError };

const NO_EXPECTATION = { sha256: null, blake3: null, sizeBytes: null };

/** Resolves each spec by itself: one that fails leaves the others alone. */
export async function resolveSpecs(
  cap: ResolveCapabilities,
  specs: readonly string[],
  options: ResolveOptions,
): Promise<readonly Resolved[]> {
  const parsed = await Promise.all(specs.map((text) => attempt(text, () => parseSpec(text))));
  const needsIndex = parsed.some((item) => "value" in item && item.value.kind === "named");
  const [lookup] = await Promise.all([needsIndex ? openLookup(cap, options.skip) : NO_LOOKUP, cap.state()]);
  try {
    return await mapConcurrently(parsed, cap.config.concurrency, async (item): Promise<Resolved> => {
      if ("error" in item) return item;
      const spec = item.value;
      const result = await attempt(item.requested, () =>
        spec.kind === "reference" ? resolveReference(cap, spec, options) : resolveNamed(cap, lookup, spec, options),
      );
      return "error" in result ? result : { requested: item.requested, resolution: result.value };
    });
  } finally {
    lookup.close();
  }
}

type Attempt<T> =
  | { readonly requested: string; readonly value: T }
  | { readonly requested: string; readonly error: PkgError };

async function attempt<T>(requested: string, work: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { requested, value: await work() };
  } catch (error) {
    return { requested, error: asFailure(error) };
  }
}

/** The open indexes of every enabled repository. */
export interface Lookup {
  readonly indexes: ReadonlyMap<string, PackageIndex>;
  close(): void;
}

const NO_LOOKUP: Lookup = { indexes: new Map(), close: () => {} };

/**
 * Opens the index of every repository that has one, refreshed first where that is due. `skip` is what a person who installs
 * goes without; null for those who only look.
 */
export async function openLookup(cap: SyncCapabilities, skip: readonly Waiver[] | null = null): Promise<Lookup> {
  const indexes = new Map<string, PackageIndex>();
  for (const repository of await refreshIndexes(cap)) {
    const index = cap.indexes.open(repository.name);
    if (index !== null) indexes.set(repository.name, index);
  }
  tellExpired(cap, indexes, skip);
  const close = () => {
    for (const index of indexes.values()) index.close();
  };
  return { indexes, close };
}

/** Every package the name may mean, in the order the repositories are configured. */
export function findCandidates(lookup: Lookup, spec: NamedSpec): readonly IndexedPackage[] {
  if (spec.repository !== null && !lookup.indexes.has(spec.repository)) {
    throw new PkgError(
      "REPOSITORY_UNKNOWN",
      `Cannot find "${spec.text}": repository "${spec.repository}" is not configured or has no index`,
      {
        hint: `Configured: ${[...lookup.indexes.keys()].join(", ")}`,
      },
    );
  }
  const found: IndexedPackage[] = [];
  for (const [repository, index] of lookup.indexes) {
    if (spec.repository !== null && spec.repository !== repository) continue;
    for (const entry of index.byName(spec.name)) found.push({ repository, entry });
  }
  if (found.length === 0) throw notFound(lookup, spec);
  return found;
}

function notFound(lookup: Lookup, spec: NamedSpec): PkgError {
  const elsewhere = elsewhereOf(lookup, spec);
  const near = new Set([...lookup.indexes.values()].flatMap((index) => index.suggest(spec.name, 3)));
  const guesses = [...near].slice(0, 3).map((name) => `"${name}"`);
  const guess = guesses.length > 0 ? `Did you mean ${guesses.join(" or ")}?` : `Run \`pkg search ${spec.name}\``;
  return new PkgError(
    "PACKAGE_NOT_FOUND",
    `Cannot find "${spec.text}": no package of that name in ${[...lookup.indexes.keys()].join(", ")}`,
    { hint: elsewhere.length > 0 ? `There is one for other machines: ${elsewhere.join(", ")}` : guess },
  );
}

/** What is installed stays with whom it came from: a bare name means the package there first. */
async function resolveNamed(
  cap: ResolveCapabilities,
  lookup: Lookup,
  spec: NamedSpec,
  options: ResolveOptions,
): Promise<Resolution> {
  const { installations } = await cap.state();
  const { host, libcs } = cap.config;
  const elsewhere = elsewhereOf(lookup, spec);
  const candidates = ownersFirst(spec, findOrTell(cap, lookup, spec), installations.get(spec.name));
  const { package: found, version, snapshot } = selectPackage(spec, candidates, { host, libcs, elsewhere });
  return resolveEntry(cap, found, { requested: spec.text, version, snapshot, meta: metaOf(lookup, found), ...options });
}

/** What is there for other machines alone is told as such. */
function findOrTell(cap: ResolveCapabilities, lookup: Lookup, spec: NamedSpec): readonly IndexedPackage[] {
  try {
    return findCandidates(lookup, spec);
  } catch (error) {
    const elsewhere = elsewhereOf(lookup, spec).map((host) => ({ host, libc: null }));
    if (!hasCode(error, "PACKAGE_NOT_FOUND") || elsewhere.length === 0) throw error;
    throw unsupported(spec.text, cap.config, elsewhere);
  }
}

function elsewhereOf({ indexes }: Lookup, { name, repository }: NamedSpec): readonly string[] {
  const asked = [...indexes].filter(([own]) => repository === null || own === repository);
  return [...new Set(asked.flatMap(([, index]) => index.elsewhere(name)))];
}

/** What is recorded of the index that an entry was found in. */
export function metaOf({ indexes }: Lookup, { repository }: Pick<IndexedPackage, "repository">): IndexMeta {
  const index = indexes.get(repository);
  if (index === undefined) throw new Error(`${repository} has an entry and no index`);
  return index.meta;
}

/** The resolution of one entry of an index, or of one of its snapshots. */
export function resolveEntry(
  cap: Pick<SyncCapabilities, "config" | "now">,
  found: IndexedPackage,
  chosen: {
    /** Of the index that the entry is in. */
    readonly meta: IndexMeta;
    readonly requested: string;
    readonly version: string;
    readonly snapshot: Snapshot | null;
    readonly skip: readonly Waiver[];
  },
): Resolution {
  const { entry, repository } = found;
  const source = sourceOf(entry, chosen.snapshot);
  const skip = checkUse(cap, { name: repository, meta: chosen.meta }, chosen.skip);
  return {
    requested: chosen.requested,
    name: entry.name,
    version: chosen.version,
    repository,
    packageId: entry.id,
    family: entry.family,
    type: entry.type,
    source,
    provides: entry.provides,
    // An older tag has hashes of its own, which its manifest and CHECKSUM state.
    expected:
      chosen.snapshot === null
        ? { sha256: entry.sha256, blake3: entry.blake3, sizeBytes: entry.sizeBytes }
        : NO_EXPECTATION,
    policy: policyFor(cap, { ...found, meta: chosen.meta }, source, skip),
    publisherKey: null,
  };
}

function policyFor(
  cap: Pick<SyncCapabilities, "config">,
  { repository: name, meta }: Pick<IndexedPackage, "repository"> & { readonly meta: IndexMeta },
  source: Source,
  skip: readonly Waiver[],
): Policy {
  const repository = cap.config.repositories.find((candidate) => candidate.name === name);
  if (repository === undefined) throw new Error(`repository ${name} has an index and no configuration`);
  const policy = meta.trust === null ? repository.policy : signedPolicy(repository, meta.trust);
  // A plain download has no CHECKSUM and no .sig beside it: the (signed) index states its hashes. Who built it, is nowhere
  // to be found, and that must show where it is asked for.
  const always: readonly Check[] = policy.require.includes("provenance") ? ["provenance"] : [];
  const require: readonly Check[] = source.kind === "http" ? ["digest", ...always] : policy.require;
  return { ...policy, require, skip };
}

/** The keys that may sign an index sign its packages, and so they must unless the config says otherwise. */
function signedPolicy({ policy, require }: Repository, { keySet }: IndexTrust): Policy {
  const keys = keySet.keys.map(parsePublicKey);
  if (require !== null) return { ...policy, keys };
  return { ...policy, keys, require: [...new Set<Check>(["digest", "checksum", "signature", ...policy.require])] };
}

function sourceOf(entry: PackageEntry, snapshot: Snapshot | null): Source {
  const { artifact } = entry;
  if (artifact.kind === "http") return httpSource(entry, artifact);
  const reference = parseReference(artifact.reference);
  if (snapshot !== null) {
    return {
      kind: "oci",
      reference: { ...reference, tag: snapshot.tag, digest: null },
      blob: null,
      files: [],
      manifest: null,
    };
  }
  // Tags move, digests do not.
  const exact = artifact.manifest === null ? reference : { ...reference, digest: artifact.manifest };
  const blob = artifact.blob ?? digestOf(entry.sha256);
  return { kind: "oci", reference: exact, blob, files: artifact.files, manifest: null };
}

function digestOf(sha256: string | null): Digest | null {
  return sha256 === null ? null : sha256Digest(sha256);
}

function httpSource(entry: PackageEntry, artifact: PackageEntry["artifact"] & { readonly kind: "http" }): Source {
  const blob = digestOf(entry.sha256);
  if (blob === null) {
    throw new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${entry.name}": its index entry states no SHA-256`);
  }
  if (artifact.files.some((file) => file.source !== "")) {
    throw new PkgError(
      "PACKAGE_UNINSTALLABLE",
      `Cannot install "${entry.name}": its program is inside an archive, expected a single file`,
    );
  }
  return { kind: "http", url: artifact.url, blob };
}
