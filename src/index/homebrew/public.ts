import { asObject, isObject, type JsonObject } from "../../base/json.ts";
import type { Conflict, Ending } from "../../package/keg.ts";
import type { Bottle, Formula } from "./formula.ts";
import { kegOnlyReason, type ReadFormula, readNumber, SHA256, skipped, withRevision } from "./formula-fields.ts";
import { isFormulaName, isKegVersion } from "./names.ts";

/**
 * Reads a formula of the public index, which describes every platform; what is different on one stands in `variations`.
 *
 * @param tag of the platform, e.g. `x86_64_linux`
 */
export function readPublicFormula(value: unknown, tag: string): ReadFormula {
  if (!isObject(value)) return skipped("it is not an object");
  const merged = { ...value, ...asObject(asObject(value["variations"])?.[tag]) };
  const name = text(merged["name"]);
  if (name === null || !isFormulaName(name)) return skipped("its name is not a formula's");
  const stable = text(asObject(merged["versions"])?.["stable"]);
  if (stable === null) return skipped("it has no stable version");
  const version = withRevision(stable, readNumber(merged["revision"]));
  if (!isKegVersion(version)) return skipped(`its version is "${version}", which is no directory's name`);
  const bottle = readBottle(asObject(asObject(merged["bottle"])?.["stable"]), tag);
  if (bottle === "invalid") return skipped("its bottle's sha256 is not a SHA-256");
  return { kind: "formula", formula: { ...commonFields(name, merged), version, bottle } };
}

function readBottle(stable: JsonObject | null, tag: string): Bottle | null | "invalid" {
  const files = asObject(stable?.["files"]);
  const found = [tag, "all"].find((one) => asObject(files?.[one]) !== null);
  const file = found === undefined ? null : asObject(files?.[found]);
  if (found === undefined || file === null) return null;
  const sha256 = text(file["sha256"]);
  if (sha256 === null || !SHA256.test(sha256)) return "invalid";
  const cellar = (text(file["cellar"]) ?? ":any_skip_relocation").replace(/^:/, "");
  return { sha256, tag: found, rebuild: readNumber(stable?.["rebuild"]), cellar };
}

function commonFields(name: string, value: JsonObject): Omit<Formula, "version" | "bottle"> {
  const needed = [...names(value["dependencies"]), ...names(value["recommended_dependencies"]), ...macosNames(value)];
  const reason = asObject(value["keg_only_reason"]);
  return {
    name,
    description: text(value["desc"]) ?? "",
    homepage: text(value["homepage"]),
    license: text(value["license"]),
    versionScheme: readNumber(value["version_scheme"]),
    dependencies: [...new Set(needed)].filter((other) => other !== name),
    executables: names(value["executables"]),
    aliases: names(value["aliases"]).filter(isFormulaName),
    oldNames: names(value["oldnames"]).filter(isFormulaName),
    kegOnly: reason === null ? null : readKegOnly(reason),
    conflicts: readConflicts(value),
    deprecated: readEnding(value, "deprecated", "deprecation"),
    disabled: readEnding(value, "disabled", "disable"),
    caveats: text(value["caveats"]),
    postInstall: value["post_install_defined"] === true ? { kind: "code" } : { kind: "none" },
    hasService: asObject(value["service"]) !== null,
    needsBuildPrefix: text(value["pour_bottle_only_if"]) === "default_prefix",
  };
}

/** On Linux, what macOS brings with it is a dependency like any other, but for what only building needs. */
function macosNames(value: JsonObject): readonly string[] {
  const list = Array.isArray(value["uses_from_macos"]) ? value["uses_from_macos"] : [];
  return list.flatMap((one: unknown) => (typeof one === "string" ? [one] : runTimeNames(asObject(one) ?? {})));
}

function runTimeNames(one: JsonObject): readonly string[] {
  return Object.entries(one).flatMap(([name, kinds]) => {
    const named = Array.isArray(kinds) ? kinds : [kinds];
    return named.every((kind) => kind === "build" || kind === "test") ? [] : [name];
  });
}

function readKegOnly(reason: JsonObject): string | null {
  const symbol = text(reason["reason"])?.replace(/^:/, "") ?? null;
  const explanation = text(reason["explanation"]);
  return symbol === null ? explanation : kegOnlyReason(symbol, explanation);
}

function readConflicts(value: JsonObject): readonly Conflict[] {
  const reasons = Array.isArray(value["conflicts_with_reasons"]) ? value["conflicts_with_reasons"] : [];
  return names(value["conflicts_with"]).map((name, index) => ({ name, because: text(reasons[index]) }));
}

function readEnding(value: JsonObject, flag: string, prefix: string): Ending | null {
  if (value[flag] !== true) return null;
  return { date: text(value[`${prefix}_date`]), because: text(value[`${prefix}_reason`]) };
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string" && one !== "") : [];
}
