import { isActive } from "../package/policy.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { SourceContext } from "./source-context.ts";

/** Besides its file and its manifest: its CHECKSUM, what is known about it, and their signatures. */
const SIGNED_DOCUMENTS = 5;

/** What is to be asked of one registry. */
interface Expected {
  readonly namedBy: "person" | "index";
  /** Requests that could be under way at a time. */
  readonly requests: number;
}

/** Opens connections to the registries that will be asked, while other work is done; sends no request. */
export async function warmSources({ network }: SourceContext, resolutions: readonly Resolution[]): Promise<void> {
  const registries = new Map<string, Expected>();
  for (const resolution of resolutions) {
    const { origin, repository } = resolution;
    if (origin.kind === "download" || origin.location.kind !== "registry") continue;
    const { registry } = origin.location.reference;
    const requests = (registries.get(registry)?.requests ?? 0) + requestsOf(resolution);
    registries.set(registry, { namedBy: repository === null ? "person" : "index", requests });
  }
  if (registries.size === 0) return;
  const { warm } = await network();
  for (const [registry, { namedBy, requests }] of registries) warm(registry, namedBy, requests);
}

function requestsOf({ origin, policy }: Resolution): number {
  return origin.kind === "artifact" && isActive(policy, "signature") ? 1 + SIGNED_DOCUMENTS : 1;
}
