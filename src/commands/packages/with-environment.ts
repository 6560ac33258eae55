import { foundBefore, type LookupRequest } from "../../environments/lookup.ts";
import type { CommandEnd } from "../command.ts";
import type { Context } from "../context.ts";
import { mayBeFoundBefore, typedFor } from "./environment-options.ts";
import type { EnvironmentUse } from "./environment-use.ts";

/** Runs something in the environment of packages: one that was found before, else one that is found, or made, now. */
export async function withEnvironment(context: Context, { specs, args, use }: EnvironmentUse): Promise<CommandEnd> {
  const typed = ["several", ...typedFor(specs, args)];
  const lookup: LookupRequest = { config: context.config, version: context.version, typed };
  const isQuick = !context.dryRun && mayBeFoundBefore(specs, args);
  const found = isQuick ? foundBefore(lookup, context.now()) : null;
  if (found?.environment != null) return use(found.environment, null);
  const { useEnvironment } = await import("./use-environment.ts");
  return await useEnvironment(context, { specs, args, use, lookup: isQuick ? lookup : null });
}
