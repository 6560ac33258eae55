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
 * Removes the credentials for a registry from every file and helper where they are looked up.
 *
 * @throws {PkgError} REFERENCE_INVALID, CREDENTIALS_INVALID, and those of the file system
 */
export async function logout(
  cap: Pick<Capabilities, "credentials" | "signal">,
  registry: string,
): Promise<LogoutOutcome> {
  const name = parseRegistry(registry);
  return { registry: name, places: await (await cap.credentials()).forget(name, cap.signal) };
}
