import type { Capabilities } from "../capabilities/capabilities.ts";
import type { CredentialPlace } from "../credentials/credentials-store.ts";
import { parseRegistry } from "../oci/reference.ts";

/** What was forgotten. */
export interface LogoutOutcome {
  readonly registry: string;
  /** Where credentials were removed; empty when there were none. */
  readonly places: readonly CredentialPlace[];
}

/**
 * Removes the credentials for a registry from every file and helper where they are looked up; with `dryRun`, finds them.
 *
 * @throws {PkgError} REFERENCE_INVALID, CREDENTIALS_INVALID, and those of the file system
 */
export async function logout(
  cap: Pick<Capabilities, "credentials" | "signal">,
  registry: string,
  { dryRun }: { readonly dryRun: boolean },
): Promise<LogoutOutcome> {
  const name = parseRegistry(registry);
  const store = await cap.credentials();
  return { registry: name, places: await (dryRun ? store.placesOf(name, cap.signal) : store.forget(name, cap.signal)) };
}
