import { type SampleFormula, TAG } from "./sample-formula.ts";

/** The commit that an index says it was made from, where a test does not care. */
export const HEAD = "0123456789abcdef0123456789abcdef01234567";

type Fields = Readonly<Record<string, unknown>>;

/** The payload of `internal/packages.TAG.jws.json`. */
export function internalIndex(formulae: readonly SampleFormula[], head: string = HEAD): string {
  const names = (other: "aliases" | "oldNames") =>
    Object.fromEntries(formulae.flatMap((one) => (one[other] ?? []).map((name) => [name, one.name])));
  return JSON.stringify({
    formulae: Object.fromEntries(formulae.map((formula) => [formula.name, internalEntry(formula)])),
    casks: {},
    formula_aliases: names("aliases"),
    formula_renames: names("oldNames"),
    formula_tap_migrations: {},
    formula_tap_git_head: head,
  });
}

/** The payload of `formula.jws.json`, which is for all platforms. */
export function publicIndex(formulae: readonly SampleFormula[]): string {
  return JSON.stringify(formulae.map(publicEntry));
}

function internalEntry(formula: SampleFormula): Fields {
  return {
    ...withoutBlanks({
      desc: plain(formula.description),
      homepage: formula.homepage,
      license: formula.license,
      stable_version: plain(formula.version),
      revision: formula.revision,
      version_scheme: formula.versionScheme,
      ...internalBottle(formula),
      stable_dependencies: [
        ...(formula.dependencies ?? []),
        ...(formula.buildDependencies ?? []).map((name) => ({ [name]: ":build" })),
      ],
      stable_uses_from_macos: formula.usesFromMacos,
      executables: formula.executables,
      aliases: formula.aliases,
      oldnames: formula.oldNames,
      keg_only_args: formula.kegOnly === undefined ? [] : [formula.kegOnly],
      conflicts: Object.entries(formula.conflicts ?? {}).map(([name, because]) => [name, { ":because": because }]),
      caveats: plain(formula.caveats),
      deprecate_args: ending(formula.deprecated),
      disable_args: ending(formula.disabled),
      post_install_steps: formula.postInstallSteps,
      post_install_defined: formula.hasPostInstallCode,
      pour_bottle_args: formula.needsBuildPrefix === true ? { ":only_if": ":default_prefix" } : {},
    }),
    ...formula.raw,
  };
}

function internalBottle({ sha256, cellar, isForAll = false, rebuild }: SampleFormula): Fields {
  if (sha256 === undefined) return {};
  return {
    bottle_checksum: sha256,
    bottle_cellar: cellar,
    bottle_tag: isForAll ? ":all" : undefined,
    bottle_rebuild: rebuild,
  };
}

function ending(value: SampleFormula["deprecated"]): Fields {
  return value === undefined ? {} : { ":date": value.date, ":because": value.because };
}

/** A text that could be taken for a symbol gets a backslash in front. */
function plain(text: string | undefined): string | undefined {
  return text !== undefined && /^[:\\]/.test(text) ? `\\${text}` : text;
}

/** Blank values are left out of the internal index everywhere. */
function withoutBlanks(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isBlank(value)));
}

function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function publicEntry(formula: SampleFormula): Fields {
  return {
    name: formula.name,
    full_name: formula.name,
    tap: "homebrew/core",
    oldnames: formula.oldNames ?? [],
    aliases: formula.aliases ?? [],
    desc: formula.description ?? null,
    license: formula.license ?? null,
    homepage: formula.homepage ?? null,
    versions: { stable: formula.version, head: null, bottle: formula.sha256 !== undefined },
    revision: formula.revision ?? 0,
    version_scheme: formula.versionScheme ?? 0,
    bottle: publicBottle(formula),
    keg_only: formula.kegOnly !== undefined,
    keg_only_reason: formula.kegOnly === undefined ? null : { reason: formula.kegOnly, explanation: "" },
    dependencies: formula.dependencies ?? [],
    build_dependencies: formula.buildDependencies ?? [],
    recommended_dependencies: [],
    optional_dependencies: [],
    uses_from_macos: formula.usesFromMacos ?? [],
    conflicts_with: Object.keys(formula.conflicts ?? {}),
    conflicts_with_reasons: Object.values(formula.conflicts ?? {}),
    executables: formula.executables ?? [],
    caveats: formula.caveats ?? null,
    post_install_defined: formula.hasPostInstallCode === true || formula.postInstallSteps !== undefined,
    ...publicEnding("deprecated", "deprecation", formula.deprecated),
    ...publicEnding("disabled", "disable", formula.disabled),
    pour_bottle_only_if: formula.needsBuildPrefix === true ? "default_prefix" : null,
    variations: {},
  };
}

function publicBottle({ sha256, cellar = ":any_skip_relocation", isForAll = false, rebuild = 0 }: SampleFormula) {
  if (sha256 === undefined) return {};
  const url = `https://ghcr.io/v2/homebrew/core/blobs/sha256:${sha256}`;
  const files = { [isForAll ? "all" : TAG]: { cellar, url, sha256 } };
  return { stable: { rebuild, root_url: "https://ghcr.io/v2/homebrew/core", files } };
}

function publicEnding(flag: string, prefix: string, value: SampleFormula["deprecated"]): Fields {
  const [date, reason] = [value?.date ?? null, value?.because.replace(/^:/, "") ?? null];
  return { [flag]: value !== undefined, [`${prefix}_date`]: date, [`${prefix}_reason`]: reason };
}
