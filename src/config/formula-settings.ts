import { PkgError } from "../errors.ts";
import type { Policy } from "../package/policy.ts";
import type { JwsKey } from "../verify/jws.ts";
import type { WrittenRepository } from "./file.ts";
import { HOMEBREW_KEY, parseFormulaKey } from "./formula-keys.ts";

/** What is fixed for a repository of formulae: its index is signed, and names each bottle by its digest. */
export interface FormulaSettings {
  readonly keys: readonly string[];
  readonly formulaKeys: readonly JwsKey[];
  readonly threshold: 1;
  readonly require: null;
  readonly allowLegacySignatures: false;
  readonly signedIndex: true;
  readonly provenance: null;
  readonly policy: Policy;
}

const POLICY: Policy = { require: ["digest"], keys: [], allowLegacy: false, provenance: null, skip: [] };

/** The machines that bottles are built for. */
const BOTTLE_MACHINES: Readonly<Record<string, string>> = {
  "x86_64-linux": "x86_64_linux",
  "aarch64-linux": "arm64_linux",
};

/** What Homebrew calls a machine, such as `x86_64_linux` for `x86_64-linux`; null for one that it builds nothing for. */
export function bottleTagOf(host: string): string | null {
  return BOTTLE_MACHINES[host] ?? null;
}

/** Why a repository is of no use on a machine; null: it is. */
export function noBottles(kind: string, host: string): string | null {
  return kind === "homebrew" && bottleTagOf(host) === null ? `Homebrew builds nothing for ${host}` : null;
}

/**
 * The settings of a repository of formulae. A mirror has the documents that Homebrew signed, so its key is the default.
 *
 * @param builtIn the keys that ship with the program for it
 * @throws {PkgError} CONFIG_INVALID for a setting that means nothing for it; KEY_INVALID
 */
export function formulaSettings(
  name: string,
  written: WrittenRepository,
  builtIn: readonly string[] = [HOMEBREW_KEY],
): FormulaSettings {
  refuseOthers(name, written);
  const keys = written.keys ?? builtIn;
  if (keys.length === 0) {
    throw invalid(name, "it has no keys, and formulae are never taken unsigned", "Leave keys out for Homebrew's own");
  }
  const fixed = { threshold: 1, require: null, allowLegacySignatures: false, signedIndex: true } as const;
  return { ...fixed, keys, formulaKeys: keys.map(parseFormulaKey), provenance: null, policy: POLICY };
}

/** Settings of other repositories, and why a repository of formulae has none of them. */
const MEANINGLESS: readonly (readonly [key: keyof WrittenRepository, why: string])[] = [
  ["threshold", "one of its keys signs the whole index"],
  ["signed_index", "its index is always signed"],
  ["allow_legacy_signatures", "that is for minisign signatures, and it has none"],
  ["provenance", "who built a bottle is not checked yet"],
];

function refuseOthers(name: string, written: WrittenRepository): void {
  for (const [key, why] of MEANINGLESS) {
    if (written[key] !== undefined) throw meaningless(name, key, why);
  }
  const [other] = (written.require ?? []).filter((check) => check !== "digest");
  if (other === undefined) return;
  const why =
    other === "provenance"
      ? "there is no proof yet of who built a bottle"
      : `bottles have no ${other} of their own: the signed index has the digest of each`;
  throw meaningless(name, "require", why);
}

function meaningless(name: string, key: string, why: string): PkgError {
  return invalid(name, `${key} means nothing for kind = "homebrew": ${why}`, `Leave out ${key}`);
}

function invalid(name: string, problem: string, advice: string): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot use repository "${name}": ${problem}`, {
    hint: `${advice} under [repositories.${name}]`,
  });
}

/** Only bottles have a prefix. @throws {PkgError} CONFIG_INVALID */
export function refusePrefixWithoutBottles(name: string, { prefix }: WrittenRepository): void {
  if (prefix === undefined) return;
  throw invalid(name, "prefix is where bottles go, and it has none", 'Leave out prefix, or add kind = "homebrew"');
}

/**
 * The prefix that the file gives for bottles, as it is written there; null: none. There is one prefix, so all repositories
 * that name one have to agree.
 *
 * @throws {PkgError} CONFIG_INVALID
 */
export function writtenPrefix(repositories: Readonly<Record<string, WrittenRepository>>): string | null {
  const named = Object.entries(repositories).flatMap(([name, { prefix }]) =>
    prefix === undefined ? [] : { name, prefix },
  );
  const [first] = named;
  const other = named.find(({ prefix }) => prefix !== first?.prefix);
  if (first === undefined || other === undefined) return first?.prefix ?? null;
  throw invalid(
    other.name,
    `its prefix is "${other.prefix}", and that of "${first.name}" is "${first.prefix}": all bottles go to one`,
    "Leave out prefix",
  );
}
