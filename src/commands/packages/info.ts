import { EXIT_CODES } from "../../errors.ts";
import { info } from "../../inspect/info.ts";
import { showProvenance } from "../../inspect/provenance-info.ts";
import { defineCommand } from "../command.ts";
import { infoLines } from "./info-lines.ts";
import { provenanceLines } from "./provenance-lines.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("package", {
        type: "string",
        demandOption: true,
        description: "A name; with --provenance a reference too",
      })
      .option("provenance", {
        type: "boolean",
        default: false,
        description: "Show who built it from which commit; looks in its registry where that is not recorded",
      })
      .example("$0 info trurl", "What the index says, and what is installed")
      .example("$0 info trurl --provenance", "Who built it, from what"),
  dryRun: true,
  run: async (context, args) => {
    if (args.provenance) {
      const shown = await showProvenance(context, args.package);
      context.report.result(shown, () => provenanceLines(shown, context.report.style));
      return EXIT_CODES.done;
    }
    const outcome = await info(context, args.package);
    context.report.result(outcome, () => infoLines(outcome, context.report.style));
    return EXIT_CODES.done;
  },
});
