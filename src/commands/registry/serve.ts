import { EXIT_CODES } from "../../errors.ts";
import type { ReachedBy } from "../../serve/reached-by.ts";
import { serveRegistry } from "../../serve/serve-registry.ts";
import { defineCommand } from "../command.ts";
import { serveRequest } from "./serve-arguments.ts";
import { SERVE_OPTIONS, SERVE_RULES } from "./serve-options.ts";
import { servingLines } from "./serving-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .options(SERVE_OPTIONS)
      .example("$0 registry serve --root ./registry", "An OCI registry at 127.0.0.1:5000")
      .example("$0 registry serve --root ./cache --upstream ghcr.io", "A mirror of ghcr.io"),
  rules: SERVE_RULES,
  noDryRun: "it serves until it is stopped, and what changes is what clients push",
  run: async (context, args) => {
    const { report } = context;
    // A program waits for the address before it does anything else.
    const say = (reached: ReachedBy) =>
      report.announce({ url: reached.url, registry: reached.registry }, () => servingLines(args, reached));
    const { url } = await serveRegistry(context, serveRequest(context, args), say);
    report.print([`Stopped ${url}`]);
    return EXIT_CODES.done;
  },
});
