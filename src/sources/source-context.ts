import type { Capabilities } from "../capabilities/capabilities.ts";
import type { Network } from "../network/network.ts";
import type { Machine } from "../package/machine.ts";

/** What opening a source takes. */
export interface SourceContext {
  /** Opened only when a package is in a registry or at an address. */
  readonly network: () => Promise<Network>;
  readonly machine: Machine;
}

/** The part of an operation's capabilities that opening a source needs. */
export function sourceContext({ config, network }: Pick<Capabilities, "config" | "network">): SourceContext {
  return { network, machine: config };
}
