import type { LockedPackage } from "../declare/lock-file.ts";
import { PkgError } from "../errors.ts";
import type { PackageIndexes } from "../index-database/package-indexes.ts";
import { parseReference } from "../oci/reference.ts";
import { nameInRepository } from "../package/install-name.ts";
import type { PackageEntry } from "../package/metadata.ts";

/**
 * Holds what proves nothing by a signature of its own (a bottle, a download, what has none to show) against the index that is at hand, if there is one: of the same
 * version, its digest must be the index's, and of any other, its place. For whoever wrote the lock file is not who signs the index.
 * Nothing is fetched.
 *
 * @throws {PkgError} DIGEST_MISMATCH, INDEX_MISMATCH
 */
export function checkVouched(indexes: Pick<PackageIndexes, "open">, item: LockedPackage): void {
  const { repository } = item;
  if (repository === undefined) return;
  const index = indexes.open(repository);
  if (index === null) return;
  try {
    const called = nameInIndex(item);
    const own = index.byName(called).filter(({ id, name }) => id === item.id && name === called);
    checkDigest(
      item,
      own.filter(({ version }) => version === item.version),
    );
    checkPlace(item, own.length > 0 ? own : firstOf(index.all()));
  } finally {
    index.close();
  }
}

/** The name that a locked package has in its repository. */
export function nameInIndex({ name, package: called, repository }: LockedPackage): string {
  return called ?? nameInRepository({ name, repository: repository ?? null });
}

function firstOf<T>(items: Iterable<T>): readonly T[] {
  for (const item of items) return [item];
  return [];
}

function checkDigest({ name, version, repository, blobs }: LockedPackage, same: readonly PackageEntry[]): void {
  const digests = same.flatMap((entry) => digestsOf(entry));
  const [main] = blobs;
  if (digests.length === 0 || (main !== undefined && digests.includes(main.digest))) return;
  throw new PkgError(
    "DIGEST_MISMATCH",
    `Cannot install "${name}" as it is locked: expected ${digests[0]}, which the index of ${repository} states for ${version}, found ${main?.digest ?? "none"}`,
    { hint: `Lock what there is now with \`pkg lock --upgrade-package ${name}\`` },
  );
}

function digestsOf({ sha256, artifact }: PackageEntry): readonly string[] {
  const blob = artifact.kind === "oci" ? artifact.blob : null;
  return [...(blob === null ? [] : [blob]), ...(sha256 === null ? [] : [`sha256:${sha256}`])];
}

function checkPlace({ name, repository, location }: LockedPackage, entries: readonly PackageEntry[]): void {
  const places = entries.map(({ artifact }) =>
    artifact.kind === "oci" ? registryPlace(artifact.reference) : webPlace(artifact.url),
  );
  const own = /^https?:\/\//i.test(location) ? webPlace(location) : registryPlace(location);
  if (places.length === 0 || places.includes(own)) return;
  throw new PkgError(
    "INDEX_MISMATCH",
    `Cannot install "${name}" as it is locked: it is at "${own}", and the index of ${repository} has such packages at "${places[0]}"`,
    { hint: "Look at who has changed the lock file, or write it anew with `pkg lock --upgrade`" },
  );
}

/** The registry and whose the package is there: `ghcr.io/homebrew`. */
function registryPlace(text: string): string {
  const { registry, name } = parseReference(text);
  return `${registry}/${name.split("/", 1)[0]}`;
}

/** The host, and whose it is there, as for `https://github.com/me`. */
function webPlace(text: string): string {
  const { origin, pathname } = new URL(text);
  const [, owner = "", ...rest] = pathname.split("/");
  return rest.length === 0 ? origin : `${origin}/${owner}`;
}
