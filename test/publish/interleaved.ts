import type { Context } from "../../src/commands/context.ts";
import type { ManifestUpload, Target } from "../../src/oci/content.ts";

/** Somebody else who does something at the moment when a tag is set for the first time. */
export interface Interruption {
  readonly tag: string;
  readonly when: "before" | "after";
  readonly run: () => Promise<unknown>;
}

/** The network of a context, in which somebody else interferes. */
export function interleaved(context: Context, interruption: Interruption): Context["network"] {
  let isPending = true;
  const interrupt = async (when: Interruption["when"], { tag }: ManifestUpload) => {
    if (!isPending || when !== interruption.when || tag !== interruption.tag) return;
    isPending = false;
    await interruption.run();
  };
  const disturbed = (target: Target): Target => ({
    ...target,
    pushManifest: async (manifest, signal) => {
      await interrupt("before", manifest);
      const written = await target.pushManifest(manifest, signal);
      await interrupt("after", manifest);
      return written;
    },
  });
  return replacedTargets(context, disturbed);
}

/** The network of a context, whose repositories are replaced when they are opened. */
export function replacedTargets(context: Context, replace: (target: Target) => Target): Context["network"] {
  return async () => {
    const network = await context.network();
    return new Proxy(network, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name === "repository") {
          return (...words: Parameters<typeof target.repository>) => replace(target.repository(...words));
        }
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
}
