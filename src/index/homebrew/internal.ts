import { isObject, type JsonObject } from "../../base/json.ts";
import type { Conflict, Ending, PostInstall } from "../../package/keg.ts";
import { readDependencies } from "./dependencies.ts";
import type { Bottle, Formula } from "./formula.ts";
import { kegOnlyReason, type ReadFormula, readNumber, SHA256, skipped, withRevision } from "./formula-fields.ts";
import { readLicense } from "./license.ts";
import { isFormulaName, isKegVersion } from "./names.ts";
import { listOf, member, nameOf, plainValue, readSymbolOrText, textOf, textsOf } from "./symbols.ts";

/**
 * Reads a formula of the internal index, in which blank values are left out.
 *
 * @param name its key in `formulae`
 * @param tag the platform that the index is for, e.g. `x86_64_linux`
 */
export function readInternalFormula(name: string, value: unknown, tag: string): ReadFormula {
  if (!isFormulaName(name)) return skipped("its name is not a formula's");
  if (!isObject(value)) return skipped("it is not an object");
  const stable = textOf(value["stable_version"]);
  if (stable === null) return skipped("it has no stable_version");
  const version = withRevision(stable, readNumber(value["revision"]));
  if (!isKegVersion(version)) return skipped(`its version is "${version}", which is no directory's name`);
  const bottle = readBottle(value, tag);
  if (bottle === "invalid") return skipped("its bottle_checksum is not a SHA-256");
  return { kind: "formula", formula: { ...commonFields(name, value), version, bottle } };
}

function readBottle(value: JsonObject, tag: string): Bottle | null | "invalid" {
  const sha256 = textOf(value["bottle_checksum"]);
  if (sha256 === null) return null;
  if (!SHA256.test(sha256)) return "invalid";
  return {
    sha256,
    tag: nameOf(value["bottle_tag"]) ?? tag,
    rebuild: readNumber(value["bottle_rebuild"]),
    cellar: nameOf(value["bottle_cellar"]) ?? "any_skip_relocation",
  };
}

function commonFields(name: string, value: JsonObject): Omit<Formula, "version" | "bottle"> {
  const needed = [
    ...readDependencies(value["stable_dependencies"]),
    ...readDependencies(value["stable_uses_from_macos"]),
  ];
  return {
    name,
    description: textOf(value["desc"]) ?? "",
    homepage: textOf(value["homepage"]),
    license: readLicense(value["license"]),
    versionScheme: readNumber(value["version_scheme"]),
    dependencies: [...new Set(needed)].filter((other) => other !== name),
    executables: textsOf(value["executables"]),
    aliases: textsOf(value["aliases"]).filter(isFormulaName),
    oldNames: textsOf(value["oldnames"]).filter(isFormulaName),
    kegOnly: readKegOnly(listOf(value["keg_only_args"])),
    conflicts: readConflicts(value["conflicts"]),
    deprecated: readEnding(value["deprecate_args"]),
    disabled: readEnding(value["disable_args"]),
    caveats: textOf(value["caveats"]),
    postInstall: readPostInstall(value),
    hasService: Object.keys(value).some((key) => key.startsWith("service_")),
    needsBuildPrefix: nameOf(member(value["pour_bottle_args"], "only_if")) === "default_prefix",
  };
}

function readKegOnly([first, second]: readonly unknown[]): string | null {
  const read = readSymbolOrText(first);
  return read === null || typeof read === "string" ? read : kegOnlyReason(read.symbol, textOf(second));
}

/** `[NAME, {":because": TEXT}]`, or a list of such lists. */
function readConflicts(value: unknown): readonly Conflict[] {
  const list = listOf(value);
  const pairs = list.every((one) => Array.isArray(one)) ? list : [list];
  return pairs.flatMap((pair) => readConflict(listOf(pair)));
}

function readConflict(pair: readonly unknown[]): readonly Conflict[] {
  const because = textOf(pair.map((one) => member(one, "because")).find((one) => one !== undefined));
  return textsOf(pair).map((name) => ({ name, because }));
}

function readEnding(value: unknown): Ending | null {
  if (!isObject(value)) return null;
  const date = textOf(member(value, "date"));
  const isDate = date !== null && /^\d{4}-\d{2}-\d{2}$/.test(date);
  return { date: isDate ? date : null, because: nameOf(member(value, "because")) };
}

function readPostInstall(value: JsonObject): PostInstall {
  const steps = listOf(value["post_install_steps"]);
  if (steps.length > 0) return { kind: "steps", steps: steps.map(plainValue) };
  return value["post_install_defined"] === true ? { kind: "code" } : { kind: "none" };
}
