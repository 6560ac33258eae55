import { bundleLocation } from "../bundle-format/location.ts";
import { PkgError } from "../errors.ts";
import type { Location } from "../oci/location.ts";
import type { Policy } from "../package/policy.ts";
import type { JwsKey } from "../verify/jws.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { BUILT_IN_REPOSITORIES, type BuiltInRepository, type RepositorySettings } from "./defaults.ts";
import type { WrittenRepository } from "./file.ts";
import { formulaSettings, noBottles, refusePrefixWithoutBottles } from "./formula-settings.ts";
import { provenancePolicy, withProvenance } from "./provenance-policy.ts";
import { checkRepositoryName, checkRepositoryUrl } from "./repository-rules.ts";

/** A configured repository: where its index is, and what its packages must prove. */
export interface ConfiguredRepository extends RepositorySettings {
  readonly name: string;
  /** Whether it ships with the program. */
  readonly builtIn: boolean;
  /** Whether the program knows its address by itself: it ships with it, and the file gives no other. */
  readonly isBuiltInAddress: boolean;
  /** Why the program would rather not have it enabled; null: there is no reason. */
  readonly whyDisabled: string | null;
  /** The keys that sign its formulae, if it has those; `policy.keys` is empty then. */
  readonly formulaKeys: readonly JwsKey[];
  readonly policy: Policy;
  /** The bundle that its index is read from, instead of its address; null: none. */
  readonly bundle: Location | null;
  /** True before it is in the config, with keys that somebody typed. */
  readonly areKeysTyped?: boolean;
}

/** The repository that a table of the config file configures. @throws {PkgError} CONFIG_INVALID, KEY_INVALID */
export function configuredRepository(name: string, written: WrittenRepository, host: string): ConfiguredRepository {
  checkRepositoryName(name, "CONFIG_INVALID");
  const builtIn = builtInOf(name, written);
  const kind = written.kind ?? builtIn?.kind ?? "index";
  const url = written.url ?? builtIn?.url;
  if (url === undefined) {
    throw new PkgError("CONFIG_INVALID", `Cannot use repository "${name}": it has no url`, {
      hint: `Add url = "https://…" under [repositories.${name}]`,
    });
  }
  checkRepositoryUrl(url, kind, "CONFIG_INVALID");
  const isBuiltInAddress = builtIn !== undefined && url === builtIn.url;
  const whyDisabled = isBuiltInAddress ? (builtIn.whyDisabled ?? noBottles(kind, host)) : null;
  const common = {
    ...{ name, kind, whyDisabled, builtIn: isBuiltIn(name) },
    url: url.replaceAll("{arch}", host.split("-")[0] ?? ""),
    enabled: written.enabled ?? whyDisabled === null,
    isBuiltInAddress,
    bundle: written.bundle === undefined ? null : bundleLocation(written.bundle, "/"),
  };
  if (kind === "homebrew") return { ...common, ...formulaSettings(name, written, builtIn?.keys) };
  refusePrefixWithoutBottles(name, written);
  const settings = {
    keys: written.keys ?? builtIn?.keys ?? [],
    threshold: written.threshold ?? 1,
    require: written.require ?? null,
    allowLegacySignatures: written.allow_legacy_signatures ?? false,
    signedIndex: written.signed_index ?? signsIndex(written, builtIn),
    provenance: provenancePolicy(name, written.provenance),
  };
  return { ...common, ...settings, formulaKeys: [], policy: policyOf(name, settings) };
}

function isBuiltIn(name: string): boolean {
  return Object.hasOwn(BUILT_IN_REPOSITORIES, name);
}

/** What ships with the program under this name, unless the file makes it a repository of another kind. */
function builtInOf(name: string, { kind }: WrittenRepository): BuiltInRepository | undefined {
  const builtIn = isBuiltIn(name) ? BUILT_IN_REPOSITORIES[name] : undefined;
  return kind === undefined || kind === builtIn?.kind ? builtIn : undefined;
}

/**
 * Keys that were given sign the index, whatever its form, unless the file says that they sign only its packages. Those
 * that ship with the program may do only that, for its own indexes.
 */
function signsIndex({ url, keys }: WrittenRepository, builtIn: BuiltInRepository | undefined): boolean {
  if (builtIn === undefined) return keys !== undefined && keys.length > 0;
  return (
    (keys?.length ?? builtIn.keys.length) > 0 && (builtIn.signedIndex || (url !== undefined && keys !== undefined))
  );
}

type PolicySettings = Pick<
  RepositorySettings,
  "keys" | "threshold" | "require" | "allowLegacySignatures" | "signedIndex" | "provenance"
>;

/** If a key is configured, a signature is required, unless the file says otherwise. */
function policyOf(name: string, settings: PolicySettings): Policy {
  const keys = settings.keys.map(parsePublicKey);
  checkThreshold(name, settings.threshold, new Set(settings.keys).size);
  const required = settings.require ?? (keys.length > 0 ? ["digest", "checksum", "signature"] : ["digest", "checksum"]);
  if ((required.includes("signature") || settings.signedIndex) && keys.length === 0) {
    throw new PkgError(
      "CONFIG_INVALID",
      `Cannot use repository "${name}": signatures are required and it has no keys`,
      {
        hint: `Add keys = ["RW…"] under [repositories.${name}]`,
      },
    );
  }
  const { allowLegacySignatures: allowLegacy, provenance } = settings;
  return { require: withProvenance(name, required, provenance), keys, allowLegacy, provenance, skip: [] };
}

function checkThreshold(name: string, threshold: number, keys: number): void {
  if (threshold <= Math.max(1, keys)) return;
  throw new PkgError(
    "CONFIG_INVALID",
    `Cannot use repository "${name}": its threshold is ${threshold}, expected at most ${keys}, the number of its keys`,
    { hint: `Add keys, or lower threshold under [repositories.${name}]` },
  );
}
