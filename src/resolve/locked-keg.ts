import { parseJsonOrNull } from "../base/json.ts";
import { PkgError } from "../errors.ts";
import type { Conflict, Ending, KegFacts, PostInstall } from "../package/keg.ts";

/** What a formula says of its bottle, as a lock file holds it. */
export function kegText(keg: KegFacts): string {
  return JSON.stringify(keg);
}

/** Decodes it: a lock file may be written by anybody. @throws {PkgError} CONFIG_INVALID */
export function decodeKeg(text: string, name: string): KegFacts {
  const value = tableOf(parseJsonOrNull(text));
  if (value === null) throw invalid(name);
  const [cellar, bottleTag, versionScheme] = [value["cellar"], value["bottleTag"], value["versionScheme"]];
  const { needsBuildPrefix, hasService } = value;
  const isWhole = typeof cellar === "string" && typeof bottleTag === "string" && Number.isSafeInteger(versionScheme);
  if (!isWhole || typeof needsBuildPrefix !== "boolean" || typeof hasService !== "boolean") throw invalid(name);
  return {
    ...{ cellar, bottleTag, versionScheme: Number(versionScheme), needsBuildPrefix, hasService },
    kegOnly: textOf(value["kegOnly"]),
    conflicts: listOf(value["conflicts"]).flatMap(conflictOf),
    deprecated: endingOf(value["deprecated"]),
    disabled: endingOf(value["disabled"]),
    caveats: textOf(value["caveats"]),
    postInstall: postInstallOf(value["postInstall"]),
  };
}

function invalid(name: string): PkgError {
  return new PkgError("CONFIG_INVALID", `Cannot use the lock file: what it says of the bottle "${name}" is damaged`, {
    hint: "Write it anew with `pkg lock`",
  });
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function conflictOf(value: unknown): readonly Conflict[] {
  const table = tableOf(value);
  const name = textOf(table?.["name"]);
  return name === null ? [] : [{ name, because: textOf(table?.["because"]) }];
}

function endingOf(value: unknown): Ending | null {
  const table = tableOf(value);
  return table === null ? null : { date: textOf(table["date"]), because: textOf(table["because"]) };
}

function postInstallOf(value: unknown): PostInstall {
  const table = tableOf(value);
  if (table?.["kind"] === "steps") return { kind: "steps", steps: listOf(table["steps"]) };
  return { kind: table?.["kind"] === "none" ? "none" : "code" };
}
