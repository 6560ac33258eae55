import { type LookupRequest, rememberFound } from "../../environments/lookup.ts";
import { obtainEnvironment } from "../../environments/obtain-environment.ts";
import type { Project } from "../../environments/project.ts";
import { type CommandEnd, finishWith } from "../command.ts";
import type { Context } from "../context.ts";
import { atWritablePlace, environmentRequest } from "./environment-request.ts";
import type { EnvironmentUse } from "./environment-use.ts";
import { foretell } from "./foretell-environment.ts";

interface UseOptions {
  readonly project: Project | null;
  /** Where it is remembered what was found; null: nowhere. */
  readonly lookup: LookupRequest | null;
}

/** Obtains an environment and uses it. */
export async function useEnvironment(
  context: Context,
  { specs, args, use, project, lookup }: EnvironmentUse & UseOptions,
): Promise<CommandEnd> {
  const request = { ...environmentRequest(context, specs, { ...args, programs: [], isOnPath: true }), project };
  if (context.dryRun) return await foretell(context, request, null);
  return await atWritablePlace(
    context,
    (at) => obtainEnvironment(at, request),
    (made, { afterwards }) => {
      if (made.kind === "failed") return finishWith(context, made.errors);
      const { directory } = made.environment;
      const end = use({ directory, project, afterwards });
      if (typeof end === "number" || lookup === null || afterwards !== null) return end;
      // Closing a database changes its files, by which what is remembered is judged.
      return { ...end, beforehand: () => rememberFound(lookup, { environment: directory, program: null }) };
    },
  );
}
