import type { Resolution } from "../plan/resolution.ts";
import type { SourceContext } from "./source-context.ts";

/** Opens connections to the registries that will be asked, while other work is done; sends no request. */
export async function warmSources({ network }: SourceContext, resolutions: readonly Resolution[]): Promise<void> {
  const registries = new Map<string, "person" | "index">();
  for (const { origin, repository } of resolutions) {
    if (origin.kind === "download" || origin.location.kind !== "registry") continue;
    registries.set(origin.location.reference.registry, repository === null ? "person" : "index");
  }
  if (registries.size === 0) return;
  const { warm } = await network();
  for (const [registry, namedBy] of registries) warm(registry, namedBy);
}
