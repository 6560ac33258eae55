import { type LookupRequest, rememberFound } from "../../environments/lookup.ts";
import { obtainEnvironment } from "../../environments/obtain-environment.ts";
import { type CommandEnd, finishWith } from "../command.ts";
import type { Context } from "../context.ts";
import { atWritablePlace, environmentRequest } from "./environment-request.ts";
import type { EnvironmentUse } from "./environment-use.ts";
import { foretell } from "./foretell-environment.ts";

/** Obtains an environment and uses it; `lookup`: where that is remembered, null for nowhere. */
export async function useEnvironment(
  context: Context,
  { specs, args, use, lookup }: EnvironmentUse & { readonly lookup: LookupRequest | null },
): Promise<CommandEnd> {
  const request = environmentRequest(context, specs, { ...args, programs: [] });
  if (context.dryRun) return await foretell(context, request, null);
  return await atWritablePlace(
    context,
    async ({ context: at, afterwards }): Promise<CommandEnd> => {
      const made = await obtainEnvironment(at, request);
      if (made.kind === "failed") return finishWith(context, made.errors);
      const { directory } = made.environment;
      const end = use(directory, afterwards);
      if (typeof end === "number" || lookup === null || afterwards !== null) return end;
      // Closing a database changes its files, by which what is remembered is judged.
      return { ...end, beforehand: () => rememberFound(lookup, { environment: directory, program: null }) };
    },
    (end) => typeof end !== "number",
  );
}
