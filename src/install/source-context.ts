import type { Capabilities } from "../capabilities/capabilities.ts";
import type { SourceContext } from "../sources/source-context.ts";

/** The part of an operation's capabilities that opening a source needs. */
export function sourceContext({ config, network }: Pick<Capabilities, "config" | "network">): SourceContext {
  return { network, machine: config };
}
