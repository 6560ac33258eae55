import { PkgError } from "../errors.ts";
import type { ConfigFile } from "../generated/config-schema.js";
import type { Check, ProvenancePolicy } from "../package/policy.ts";
import { checkIdentity } from "../verify/identity.ts";

type WrittenProvenance = NonNullable<ConfigFile["repositories"]>[string]["provenance"];

/**
 * Who may build a repository's packages, from `provenance = { identity, issuer }`.
 *
 * @throws {PkgError} CONFIG_INVALID for an identity that does not name anyone in particular
 */
export function provenancePolicy(repository: string, written: WrittenProvenance): ProvenancePolicy | null {
  if (written === undefined) return null;
  const { identity, issuer, trusted_root } = written;
  return { identity: checkIdentity(identity, repository), issuer, trustedRoot: trusted_root ?? null };
}

/**
 * The checks that a repository requires, which include provenance if a builder is named.
 *
 * @throws {PkgError} CONFIG_INVALID if provenance is required and no builder is named
 */
export function withProvenance(
  repository: string,
  required: readonly Check[],
  provenance: ProvenancePolicy | null,
): readonly Check[] {
  if (provenance !== null) return [...new Set<Check>([...required, "provenance"])];
  if (!required.includes("provenance")) return required;
  throw new PkgError(
    "CONFIG_INVALID",
    `Cannot use repository "${repository}": provenance is required, but no builder is named`,
    {
      hint: `Add provenance = { identity = "https://…", issuer = "https://…" } under [repositories.${repository}]`,
    },
  );
}
