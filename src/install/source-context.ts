import type { Capabilities } from "../capabilities/capabilities.ts";
import type { SourceContext } from "../sources/source-context.ts";

/** What opening sources takes of what an operation was handed. */
export function sourceContext({ config, network }: Pick<Capabilities, "config" | "network">): SourceContext {
  return { network, machine: config };
}
