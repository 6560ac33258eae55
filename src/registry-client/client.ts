import { HttpRegistryClient } from "./http-registry-client.ts";
import type { RegistryClient, RegistryClientOptions } from "./registry-client.ts";

/**
 * Creates a client for registries of the OCI distribution-spec.
 *
 * @throws {PkgError} CONFIG_INVALID for a mirror that cannot be used
 */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  return new HttpRegistryClient(options);
}
