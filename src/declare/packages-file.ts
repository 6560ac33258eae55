import { listSome } from "../base/lists.ts";
import { inConfigFile } from "../config/file.ts";
import { decodeToml, nearestLine, type TomlText } from "../config/toml.ts";
import { PkgError } from "../errors.ts";
import { validatePackages, type DeclaredPackage as WrittenPackage } from "../generated/declaration-schema.js";
import { looksLikeReference } from "../oci/reference.ts";
import { parseNamedSpec } from "../package/spec.ts";
import { isAnyVersion } from "../package/version-wish.ts";
import type { Declaration, DeclaredPackage, NotRead } from "./declaration.ts";
import { hostOfPlatform } from "./platforms.ts";

const HELP = "the page docs/project-tools.md has every key";

/** Keys of soar by which a package is had from elsewhere than a repository or a registry. */
const OTHER_SOURCES = ["url", "github", "gitlab", "build"];
/** Further keys of soar, which mean nothing here. */
const MEANINGLESS = new Set([
  ...["asset_pattern", "include_prerelease", "tag_pattern", "version_command", "pkg_type", "entrypoint", "binaries"],
  ...["nested_extract", "extract_root", "hooks", "sandbox", "portable", "install_patterns", "binary_only", "update"],
]);

type WrittenTable = Exclude<WrittenPackage, string>;

/** Decodes `packages.toml`. @throws {PkgError} CONFIG_INVALID, with file, line, key, what was expected and found */
export function readPackagesFile(file: TomlText): Declaration {
  const written = decodeToml(file, { validate: validatePackages, help: HELP });
  const profile = written.profile ?? written.defaults?.profile ?? null;
  const named = Object.entries(written.packages ?? {}).map(
    ([name, value]) => [name, typeof value === "string" ? { version: value } : value] as const,
  );
  return {
    ...file,
    kind: "toml",
    profile,
    hosts: (written.platforms ?? []).map((text) =>
      inConfigFile(file, [["platforms"]], () => hostOfPlatform(text, "CONFIG_INVALID")),
    ),
    repositories: new Map(Object.entries(written.repositories ?? {}).map(([name, { url }]) => [name, url])),
    packages: named.map(([name, table]) =>
      inConfigFile(file, [["packages", name]], () => declared(file, { name, table })),
    ),
    notRead: named.flatMap(([name, table]) => notReadIn(file, name, table)),
  };
}

interface Named {
  readonly name: string;
  readonly table: WrittenTable;
}

function declared(file: TomlText, { name, table }: Named): DeclaredPackage {
  const version = table.version === undefined || isAny(table.version) ? null : table.version;
  const repository = one(table, "repository", "repo");
  const reference = referenceOf(name, version, table);
  if (reference === null) refuseForNames(table);
  else refuseForReferences(table);
  const parts = { family: table.family, name: table.package ?? name, id: one(table, "id", "pkg_id") };
  const spec = reference ?? namedSpec({ ...parts, version, repository });
  if (reference === null) parseNamedSpec(spec);
  const { programs = [], with_libraries: withLibraries = false } = table;
  const source = OTHER_SOURCES.find((key) => table[key] !== undefined);
  return {
    ...{ name, spec, version: reference === null ? version : null, repository },
    key: table.key ?? null,
    image: programs.length > 0 || withLibraries ? { programs, withLibraries } : null,
    packageName: table.package ?? null,
    hosts: table.platforms?.map((text) => hostOfPlatform(text, "CONFIG_INVALID")) ?? null,
    profile: table.profile ?? null,
    isPinned: table.pinned ?? false,
    isFormula: false,
    line: nearestLine(file.text, ["packages", name]),
    refusal:
      source === undefined ? null : `its "${source}" is soar's, and packages come from repositories and registries`,
  };
}

function isAny(version: string): boolean {
  return version.trim() === "*" || isAnyVersion(version.trim());
}

/** A key that has two names. @throws {PkgError} CONFIG_INVALID if they say two things */
function one<K extends "repository" | "repo" | "id" | "pkg_id">(table: WrittenTable, own: K, soars: K): string | null {
  const [a, b] = [table[own], table[soars]];
  if (a === undefined || b === undefined || a === b) return a ?? b ?? null;
  throw invalid(`"${own}" is "${a}" and "${soars}" is "${b}"`, `Leave out "${soars}"`);
}

/** A reference may be the name itself, as whoever installs it types it. */
function referenceOf(name: string, version: string | null, { reference }: WrittenTable): string | null {
  if (reference !== undefined) {
    if (version === null) return reference;
    throw invalid(
      'it has a "reference" and a "version"',
      "Write the tag into the reference, such as ghcr.io/me/trurl:8",
    );
  }
  if (!looksLikeReference(name)) return null;
  return version === null ? name : `${name}:${version}`;
}

function refuseForNames(table: WrittenTable): void {
  const key = (["key", "programs", "with_libraries"] as const).find((own) => table[own] !== undefined);
  if (key === undefined) return;
  throw invalid(`"${key}" is for references, and it has none`, `Add reference = "ghcr.io/…", or leave out "${key}"`);
}

function refuseForReferences(table: WrittenTable): void {
  const keys = ["repository", "repo", "id", "pkg_id", "family"] as const;
  const key = keys.find((own) => table[own] !== undefined);
  if (key !== undefined) throw invalid(`a reference has no "${key}"`, `Leave out "${key}"`);
}

function invalid(problem: string, hint: string): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot use a declared package: ${problem}`, { hint });
}

/** A name with the parts that narrow it down, as it is typed. */
export function namedSpec(parts: {
  readonly family?: string | undefined;
  readonly name: string;
  readonly id?: string | null;
  readonly version: string | null;
  readonly repository: string | null;
}): string {
  const { family, name, id, version, repository } = parts;
  const path = family === undefined ? name : `${family}/${name}`;
  const after = (mark: string, text: string | null | undefined) => (text == null ? "" : `${mark}${text}`);
  return `${path}${after("#", id)}${after("@", version)}${after(":", repository)}`;
}

function notReadIn({ text }: TomlText, name: string, table: WrittenTable): readonly NotRead[] {
  const keys = Object.keys(table).filter((key) => MEANINGLESS.has(key));
  if (keys.length === 0) return [];
  const ran = keys.includes("hooks") ? "; hooks are never run" : "";
  const line = nearestLine(text, ["packages", name]);
  return [
    {
      line,
      text: name,
      why: `${listSome(keys, keys.length)} of soar ${keys.length === 1 ? "is" : "are"} not read${ran}`,
    },
  ];
}
