import { formatKey, formatValue } from "../config/edit.ts";

/** A package as a file declares it; what is absent is not written. */
export interface WrittenPackage {
  /** What it is installed as. */
  readonly name: string;
  /** Null: the newest, or what the reference says. */
  readonly version: string | null;
  readonly repository?: string;
  readonly id?: string;
  readonly family?: string;
  /** Its name in its repository, where that is another. */
  readonly package?: string;
  readonly reference?: string;
  readonly key?: string;
  readonly programs?: readonly string[];
  readonly with_libraries?: boolean;
  readonly pinned?: boolean;
}

/** What stands behind the name of a package. */
export type WrittenValue = string | Readonly<Record<string, unknown>>;

/** What stands behind the name of a package: its version alone, or a table where there is more to say. */
export function writtenValue({ name: _, version, ...more }: WrittenPackage): WrittenValue {
  const table = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
  if (Object.keys(table).length === 0) return version ?? "*";
  return version === null ? table : { version, ...table };
}

/** The text of `packages.toml`, sorted, so that the same is the same text. */
export function packagesText(packages: readonly WrittenPackage[], repositories: ReadonlyMap<string, string>): string {
  const tables = [...repositories].map(
    ([name, url]) => `[repositories.${formatKey(name)}]\nurl = ${formatValue(url)}\n\n`,
  );
  const lines = packages.map((item) => `${formatKey(item.name)} = ${formatValue(writtenValue(item))}\n`);
  return `${tables.toSorted().join("")}[packages]\n${lines.toSorted().join("")}`;
}
