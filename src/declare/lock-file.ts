import { basename, dirname, join } from "node:path";
import { formatKey, formatValue } from "../config/edit.ts";
import { decodeToml, type TomlText } from "../config/toml.ts";
import { PkgError } from "../errors.ts";
import { type LockedPackage, validateLock } from "../generated/declaration-schema.js";
import { allNeeded } from "../package/dependency-graph.ts";

export type { LockedPackage };

/** The keys of an entry, in the order in which they are written. */
const ORDER: readonly (keyof LockedPackage)[] = [
  ...([
    "name",
    "platform",
    "version",
    "requested",
    "package",
    "pinned",
    "repository",
    "serial",
    "id",
    "family",
    "type",
    "kind",
  ] as const),
  ...(["location", "manifest", "blobs", "blob_known", "blake3", "require", "signer", "built_by", "key"] as const),
  ...(["signed_as", "dependencies", "aliases", "provides", "files", "mapped", "programs", "with_libraries"] as const),
  "keg",
];

const HEADING = "# Written by `pkg lock`; `pkg apply --locked` installs exactly this.\nversion = 1\n";

/** The lock file beside a file that declares packages: `packages.lock` of `packages.toml`, `Brewfile.lock` of `Brewfile`. */
export function lockPath(file: string): string {
  return join(dirname(file), `${basename(file).replace(/\.toml$/, "")}.lock`);
}

/** True for the name of a lock file. */
export function isLockFile(file: string | null): file is string {
  return file?.endsWith(".lock") === true;
}

/** Decodes a lock file. @throws {PkgError} CONFIG_INVALID, also where something that is needed is missing */
export function readLock(file: TomlText): readonly LockedPackage[] {
  const help = "if it was changed by hand, remove it and run `pkg lock`";
  const { package: packages = [] } = decodeToml(file, { validate: validateLock, help });
  const seen = new Set<string>();
  for (const item of packages) {
    const key = keyOf(item);
    if (seen.has(key)) throw damaged(file, `"${item.name}" is there twice for ${item.platform}`);
    seen.add(key);
  }
  for (const { name, platform, dependencies = [] } of packages) {
    const missing = dependencies.find((needed) => !seen.has(keyOf({ name: needed, platform })));
    if (missing !== undefined) throw damaged(file, `"${name}" needs "${missing}", which is not in it for ${platform}`);
  }
  const needed = reachable(packages);
  const stray = packages.find((item) => !needed.has(keyOf(item)));
  if (stray !== undefined) throw damaged(file, `nothing needs "${stray.name}", and it is not declared`);
  return packages;
}

/** The keys of what was asked for, and of all that it needs. */
function reachable(packages: readonly LockedPackage[]): ReadonlySet<string> {
  const needs = new Map(packages.map((item) => [keyOf(item), item]));
  const roots = packages.filter(({ requested }) => requested !== undefined).map(keyOf);
  return allNeeded(roots, (key) => {
    const item = needs.get(key);
    return item?.dependencies?.map((name) => keyOf({ name, platform: item.platform })) ?? [];
  });
}

function damaged({ path }: TomlText, problem: string): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot read "${path}": ${problem}`, {
    hint: "Remove it, and write it anew with `pkg lock`",
  });
}

function keyOf({ name, platform }: Pick<LockedPackage, "name" | "platform">): string {
  return JSON.stringify([name, platform]);
}

/** The text of a lock file: the same packages, in whatever order, give the same bytes. */
export function lockText(packages: readonly LockedPackage[]): string {
  const sorted = packages.toSorted((a, b) => compare(a.name, b.name) || compare(a.platform, b.platform));
  return [HEADING, ...sorted.map(entryText)].join("\n");
}

/** By code points, whatever the language of the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function entryText(item: LockedPackage): string {
  const lines = ORDER.flatMap((key) =>
    item[key] === undefined ? [] : [`${formatKey(key)} = ${onLines(item[key])}\n`],
  );
  return `[[package]]\n${lines.join("")}`;
}

/** Tables of a list get a line each, so that a difference is one of lines. */
function onLines(value: unknown): string {
  const isList = Array.isArray(value) && value.some((item) => typeof item === "object");
  return isList ? `[\n${value.map((item) => `  ${formatValue(item)},\n`).join("")}]` : formatValue(value);
}

/** How a locked package differs from what it was. */
export interface LockChange {
  readonly name: string;
  readonly platform: string;
  /** Null: it was not there. */
  readonly previousVersion: string | null;
  /** Null: it is not there any more. */
  readonly version: string | null;
}

/** What differs between two lock files. */
export function lockChanges(before: readonly LockedPackage[], after: readonly LockedPackage[]): readonly LockChange[] {
  const [old, now] = [before, after].map((items) => new Map(items.map((item) => [keyOf(item), item])));
  const keys = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].toSorted();
  return keys.flatMap((key) => {
    const [was, is] = [old?.get(key), now?.get(key)];
    const item = is ?? was;
    if (item === undefined || (was !== undefined && is !== undefined && entryText(was) === entryText(is))) return [];
    const { name, platform } = item;
    return [{ name, platform, previousVersion: was?.version ?? null, version: is?.version ?? null }];
  });
}
