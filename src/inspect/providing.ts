import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { PackageIndex } from "../index-database/package-index.ts";
import type { IndexedPackage } from "../package/metadata.ts";
import { packageKey, typedFor } from "../package/narrow.ts";
import { compareVersions } from "../package/version.ts";

/** A package that brings a program. */
export interface ProvidingPackage {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
  readonly description: string;
  /** What `pkg install` takes for it. */
  readonly spec: string;
  /** The version of it that is installed; null: none. */
  readonly installedVersion: string | null;
}

/** The packages that bring a program, the likeliest first. */
export interface ProvidingOutcome {
  readonly program: string;
  readonly packages: readonly ProvidingPackage[];
}

type ProvidingCapabilities = Pick<Capabilities, "config" | "indexes" | "records">;

/**
 * Looks for a program in the indexes that are on this machine, and fetches none: whoever mistypes a command waits for the answer.
 * What is called like the program comes first, then what the repositories have in their order.
 *
 * @throws {PkgError} PACKAGE_NOT_FOUND
 */
export async function providing(cap: ProvidingCapabilities, program: string): Promise<ProvidingOutcome> {
  const indexes = openAll(cap);
  try {
    const found = all(indexes, (index) => index.byProvides(program));
    const groups = [...Map.groupBy(found, packageKey).values()];
    const newest = groups.flatMap((versions) => versions.toSorted(byAge)[0] ?? []);
    if (newest.length === 0) throw nowhere(program);
    newest.sort((a, b) => Number(b.entry.name === program) - Number(a.entry.name === program));
    const { installations } = await cap.records();
    const packages = newest.map((item) => {
      const { id, name, version, description } = item.entry;
      const called = all(indexes, (index) => index.byName(name));
      const installation = installations.get(name);
      return {
        ...{ name, version, repository: item.repository, description, spec: specFor(item, called) },
        installedVersion: installation?.packageId === id ? installation.version : null,
      };
    });
    return { program, packages };
  } finally {
    for (const index of indexes.values()) index.close();
  }
}

/** A bare name means what the first repository that has it calls so. */
function specFor(item: IndexedPackage, called: readonly IndexedPackage[]): string {
  const { repository, entry } = item;
  const own = called.filter((other) => other.repository === repository);
  const isFirst = called[0]?.repository === repository;
  if (new Set(own.map(packageKey)).size > 1) return typedFor(item, isFirst ? own : called, null);
  return isFirst ? entry.name : `${entry.name}:${repository}`;
}

function byAge(a: IndexedPackage, b: IndexedPackage): number {
  return compareVersions(b.entry.version, a.entry.version);
}

type Indexes = ReadonlyMap<string, PackageIndex>;

function all(indexes: Indexes, find: (index: PackageIndex) => readonly IndexedPackage["entry"][]) {
  return [...indexes].flatMap(([repository, index]) => find(index).map((entry) => ({ entry, repository })));
}

/** In the order of the config. One that cannot be read does not hide the others. */
function openAll({ config, indexes }: ProvidingCapabilities): Indexes {
  const enabled = config.repositories.filter((repository) => repository.enabled);
  return new Map(
    enabled.flatMap(({ name }) => opened(() => indexes.open(name)).map((index) => [name, index] as const)),
  );
}

function opened(open: () => PackageIndex | null): readonly PackageIndex[] {
  try {
    const index = open();
    return index === null ? [] : [index];
  } catch (error) {
    if (hasCode(error, "DATABASE_INVALID", "PERMISSION_DENIED")) return [];
    throw error;
  }
}

function nowhere(program: string): PkgError {
  return new PkgError("PACKAGE_NOT_FOUND", `Cannot find a package with the program "${program}" in the indexes here`, {
    hint: `\`pkg sync\` fetches newer ones; \`pkg search ${program}\` looks in names and descriptions too`,
  });
}
