import type { Network } from "../network/network.ts";
import type { Machine } from "../package/machine.ts";

/** What opening a source takes. */
export interface SourceContext {
  /** Opened for what lies in a registry or at an address, and not before. */
  readonly network: () => Promise<Network>;
  readonly machine: Machine;
}
