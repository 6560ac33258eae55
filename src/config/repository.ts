import { PkgError } from "../errors.ts";
import type { ConfigFile } from "../generated/config-schema.js";
import type { Policy } from "../package/policy.ts";
import { parsePublicKey } from "../verify/minisign.ts";
import { BUILT_IN_REPOSITORIES, type RepositorySettings } from "./defaults.ts";
import { provenancePolicy, withProvenance } from "./provenance-policy.ts";
import { checkIndexUrl, checkRepositoryName } from "./repository-rules.ts";

/** A configured repository: where its index is, and what its packages must prove. */
export interface ConfiguredRepository extends RepositorySettings {
  readonly name: string;
  /** Whether it ships with the program. */
  readonly builtIn: boolean;
  /** Whether the program knows its address by itself: it ships with it, and the file gives no other. */
  readonly isBuiltInAddress: boolean;
  readonly policy: Policy;
  /** True before it is in the config, with keys that somebody typed. */
  readonly areKeysTyped?: boolean;
}

/** A table `[repositories.NAME]` of the config file. */
export type WrittenRepository = NonNullable<ConfigFile["repositories"]>[string];

/** The repository that a table of the config file configures. @throws {PkgError} CONFIG_INVALID, KEY_INVALID */
export function configuredRepository(name: string, written: WrittenRepository, host: string): ConfiguredRepository {
  checkRepositoryName(name, "CONFIG_INVALID");
  const builtIn = Object.hasOwn(BUILT_IN_REPOSITORIES, name) ? BUILT_IN_REPOSITORIES[name] : undefined;
  const url = written.url ?? builtIn?.url;
  if (url === undefined) {
    throw new PkgError("CONFIG_INVALID", `Cannot use repository "${name}": it has no url`, {
      hint: `Add url = "https://…" under [repositories.${name}]`,
    });
  }
  checkIndexUrl(url, "CONFIG_INVALID");
  const settings: RepositorySettings = {
    url: url.replaceAll("{arch}", host.split("-")[0] ?? ""),
    keys: written.keys ?? builtIn?.keys ?? [],
    threshold: written.threshold ?? 1,
    require: written.require ?? null,
    enabled: written.enabled ?? true,
    allowLegacySignatures: written.allow_legacy_signatures ?? false,
    signedIndex: written.signed_index ?? signsIndex(written, builtIn !== undefined),
    provenance: provenancePolicy(name, written.provenance),
  };
  const isBuiltInAddress = builtIn !== undefined && url === builtIn.url;
  return { ...settings, name, builtIn: builtIn !== undefined, isBuiltInAddress, policy: policyOf(name, settings) };
}

/**
 * Keys that were given sign the index, whatever its form, unless the file says that they sign only its packages. Those
 * that ship with the program do only that, for its own indexes.
 */
function signsIndex({ url, keys = [] }: WrittenRepository, isBuiltIn: boolean): boolean {
  return keys.length > 0 && (url !== undefined || !isBuiltIn);
}

/** If a key is configured, a signature is required, unless the file says otherwise. */
function policyOf(name: string, settings: RepositorySettings): Policy {
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
