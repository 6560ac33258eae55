import { sha256Digest } from "../../oci/digest.ts";
import { isRepositoryName, isTag } from "../../oci/reference.ts";
import type { Ending, KegFacts } from "../../package/keg.ts";
import type { PackageEntry } from "../../package/metadata.ts";
import { isSafeName } from "../../package/names.ts";
import type { Formula } from "./formula.ts";
import { repositoryOf, tagOf } from "./names.ts";

/** Where Homebrew's bottles are; a mirror of them is one of this registry. */
const REGISTRY = "ghcr.io";

/** What a formula's entry also depends on. */
export interface EntryContext {
  /** The platform that the index is read for, e.g. `x86_64-linux`. */
  readonly host: string;
  /** The same as Homebrew calls it, e.g. `x86_64_linux`. */
  readonly tag: string;
  /** The day of the reading, as `2026-08-21`: what is to be disabled later is only deprecated until then. */
  readonly today: string;
}

/** What identifies a formula beside its name, whichever mirror it comes from. */
export function formulaId(name: string): string {
  return `homebrew.core.${name.replaceAll("@", ".")}`;
}

/** The package that a formula is; null when its name or version cannot be that of an artifact in a registry. */
export function formulaEntry(formula: Formula, context: EntryContext): PackageEntry | null {
  const { name, version, bottle } = formula;
  const reference = referenceOf(name, tagOf(version, bottle?.rebuild ?? 0));
  if (reference === null || !isSafeName(name)) return null;
  const ending = endingOf(formula, context.today);
  return {
    ...{ name, recipe: name, family: "", id: formulaId(name), type: "bottle", version },
    ...{ host: context.host, libc: null, description: formula.description },
    ...{ disabled: ending.disabled !== null, deprecated: ending.deprecated !== null, installable: bottle !== null },
    artifact: {
      ...{ kind: "oci", reference, files: [], manifest: null },
      blob: bottle === null ? null : sha256Digest(bottle.sha256),
    },
    ...{ sizeBytes: null, sha256: bottle?.sha256 ?? null, blake3: null },
    aliases: [...formula.aliases, ...formula.oldNames].filter((other) => other !== name && isSafeName(other)),
    provides: formula.executables.filter(isSafeName).map((program) => ({ program, links: [program] })),
    dependencies: formula.dependencies,
    keg: { ...kegOf(formula, context.tag), ...ending },
    snapshots: [],
    homepages: formula.homepage === null ? [] : [formula.homepage],
    ...{ sources: [], licenses: formula.license === null ? [] : [formula.license], maintainers: [] },
    ...{ notes: [], categories: [], tags: [] },
    replaces: formula.oldNames.map(formulaId),
    ...{ rank: null, downloads: null, buildDate: null },
  };
}

function kegOf(formula: Formula, tag: string): Omit<KegFacts, "deprecated" | "disabled"> {
  const { bottle, versionScheme, kegOnly, needsBuildPrefix, conflicts, caveats, postInstall, hasService } = formula;
  return {
    ...{ cellar: bottle?.cellar ?? "any", bottleTag: bottle?.tag ?? tag, versionScheme, kegOnly, needsBuildPrefix },
    ...{ conflicts, caveats, postInstall, hasService },
  };
}

/** What is in force: an ending of a later day announces itself, and is a deprecation until then. */
function endingOf({ deprecated, disabled }: Formula, today: string): Pick<KegFacts, "deprecated" | "disabled"> {
  const isDue = (ending: Ending | null) => ending !== null && (ending.date === null || ending.date <= today);
  if (isDue(disabled)) return { disabled, deprecated: isDue(deprecated) ? deprecated : null };
  return { disabled: null, deprecated: isDue(deprecated) ? deprecated : disabled };
}

/** Versions may hold what tags may not; bottles are fetched by digest, and the tag leads to their annotations alone. */
function referenceOf(name: string, version: string): string | null {
  const tag = version.replaceAll(/[^\w.-]/g, ".");
  const repository = repositoryOf(name);
  return isRepositoryName(repository) && isTag(tag) ? `${REGISTRY}/${repository}:${tag}` : null;
}
