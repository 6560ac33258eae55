import { foundBefore, type LookupRequest } from "../../environments/lookup.ts";
import type { Project } from "../../environments/project.ts";
import type { CommandEnd } from "../command.ts";
import type { Context } from "../context.ts";
import { mayBeFoundBefore, typedFor } from "./environment-options.ts";
import type { EnvironmentUse } from "./environment-use.ts";

/** Runs something in the environment of packages: one that was found before, else one that is found, or made, now. */
export async function withEnvironment(context: Context, { specs, args, use }: EnvironmentUse): Promise<CommandEnd> {
  const project = specs.length > 0 ? null : await projectOf(context);
  const typed = ["several", project, ...typedFor(specs, args)];
  const lookup: LookupRequest = { config: context.config, version: context.version, typed };
  const isQuick = !context.dryRun && mayBeFoundBefore(specs, args);
  const found = isQuick ? foundBefore(lookup, context.now()) : null;
  const directory = found?.environment ?? null;
  if (directory !== null && (await isThere(directory))) return use({ directory, project, afterwards: null });
  const { useEnvironment } = await import("./use-environment.ts");
  return await useEnvironment(context, { specs, args, use, project, lookup: isQuick ? lookup : null });
}

async function isThere(directory: string): Promise<boolean> {
  const { isUsable } = await import("../../environments/environment-place.ts");
  return isUsable(directory);
}

async function projectOf({ workingDirectory, config }: Context): Promise<Project> {
  const { expectProject } = await import("../../environments/project.ts");
  return expectProject(workingDirectory, config.paths, "Name packages, or change to a directory with a packages.toml");
}
