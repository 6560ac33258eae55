import { posix } from "node:path";
import { PACKAGE_LIMITS } from "../archive/extract-limits.ts";
import { isObject } from "../base/json.ts";
import { MAX_FILE_NAME_BYTES } from "../base/limits.ts";
import type { KegName } from "./take-keg.ts";

/** The keg whose steps are read, and its prefix; absolute. */
export interface StepPlace {
  readonly keg: KegName;
  readonly prefix: string;
}

/** Where a step's path leads: into the keg, into the prefix beside it, or to neither. */
export type StepPath =
  | { readonly kind: "keg"; readonly path: string }
  | { readonly kind: "prefix"; readonly path: string }
  | { readonly kind: "elsewhere" };

/**
 * Where a path of a step leads, as `{"path": …, "base": …, "formula": …}` names it; null for what is no such path.
 *
 * @see Library/Homebrew/install_steps.rb, `resolve_path`
 */
export function stepPath(place: StepPlace, value: unknown): StepPath | null {
  const absolute = absolutePath(place, value);
  const leads = absolute === null ? null : classify(place, absolute);
  return leads === null || leads.kind === "elsewhere" || canBePlaced(leads.path) ? leads : { kind: "elsewhere" };
}

/** The limits of packages, with room for the prefix and the keg. */
const MAX_PATH_BYTES = PACKAGE_LIMITS.maxPathBytes / 2;
const MAX_DEPTH = PACKAGE_LIMITS.maxDepth / 2;

/** False for what no file is called that pkg places. */
function canBePlaced(path: string): boolean {
  const names = path.split("/");
  const isLong = Buffer.byteLength(path) > MAX_PATH_BYTES || names.length > MAX_DEPTH;
  return !isLong && names.every((name) => Buffer.byteLength(name) <= MAX_FILE_NAME_BYTES && !/[\p{Cc}\\]/u.test(name));
}

/** The same as an absolute path. */
export function absolutePath(place: StepPlace, value: unknown): string | null {
  if (!isObject(value) || typeof value["path"] !== "string") return null;
  const path = expandTokens(place, value["path"]);
  const { base, formula } = value;
  if (base === undefined || base === "" || base === "absolute")
    return path.startsWith("/") ? posix.normalize(path) : null;
  const root = typeof base === "string" ? rootOf(place, base, typeof formula === "string" ? formula : null) : null;
  return root === null ? null : posix.join(root, path);
}

/** Replaces what stands for a directory or a fact of the formula, such as `{{etc}}`; anything else stays as it is. */
export function expandTokens(place: StepPlace, text: string): string {
  return text.replaceAll(/\{\{([A-Za-z_][\w.]*)\}\}/g, (whole, token: string) => tokenValue(place, token) ?? whole);
}

/** Turns an absolute path into one of the keg or of the prefix. */
function classify({ keg, prefix }: StepPlace, absolute: string): StepPath {
  for (const root of [`${prefix}/Cellar/${keg.name}/${keg.version}`, `${prefix}/opt/${keg.name}`]) {
    if (absolute === root) return { kind: "keg", path: "" };
    if (absolute.startsWith(`${root}/`)) return { kind: "keg", path: trimmed(absolute.slice(root.length + 1)) };
  }
  const inside = absolute.startsWith(`${prefix}/`) ? trimmed(absolute.slice(prefix.length + 1)) : "";
  return inside === "" || /^(?:Cellar|opt)(?:\/|$)/.test(inside)
    ? { kind: "elsewhere" }
    : { kind: "prefix", path: inside };
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, "");
}

function rootOf(place: StepPlace, base: string, formula: string | null): string | null {
  const named = formula !== null && /^[\w@+.-]+$/.test(formula) && !formula.startsWith(".") ? formula : null;
  switch (base) {
    case "homebrew_prefix":
      return place.prefix;
    case "formula_pkgetc":
      return named === null ? null : `${place.prefix}/etc/${named}`;
    case "formula_opt_prefix":
      return named === null ? null : `${place.prefix}/opt/${named}`;
    default:
      return directories(place).get(base) ?? null;
  }
}

function tokenValue(place: StepPlace, token: string): string | undefined {
  const { name, version } = place.keg;
  const [major = "", minor] = version.replace(/_\d+$/, "").split(".");
  const facts: Readonly<Record<string, string>> = {
    HOMEBREW_PREFIX: place.prefix,
    HOMEBREW_CELLAR: `${place.prefix}/Cellar`,
    formula_name: name,
    name,
    version,
    "version.major": major,
    "version.major_minor": minor === undefined ? major : `${major}.${minor}`,
  };
  return Object.hasOwn(facts, token) ? facts[token] : directories(place).get(token);
}

function directories({ keg, prefix }: StepPlace): ReadonlyMap<string, string> {
  const root = `${prefix}/Cellar/${keg.name}/${keg.version}`;
  return new Map([
    ["prefix", root],
    ["opt_prefix", root],
    ["rack", `${prefix}/Cellar/${keg.name}`],
    ["etc", `${prefix}/etc`],
    ["var", `${prefix}/var`],
    ["pkgetc", `${prefix}/etc/${keg.name}`],
    ["pkgshare", `${root}/share/${keg.name}`],
    ["bash_completion", `${root}/etc/bash_completion.d`],
    ["zsh_completion", `${root}/share/zsh/site-functions`],
    ["fish_completion", `${root}/share/fish/vendor_completions.d`],
    ["pwsh_completion", `${root}/share/pwsh/completions`],
    ...["bin", "sbin", "lib", "libexec", "include", "share"].map((name) => [name, `${root}/${name}`] as const),
  ]);
}
