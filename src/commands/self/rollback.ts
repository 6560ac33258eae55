import { EXIT_CODES } from "../../errors.ts";
import { ownProgram } from "../../self/own-program.ts";
import { rollbackSelf } from "../../self/rollback.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .example("$0 self rollback", "The program before the last `pkg self update`; once more, and the later one")
      .example("$0 self rollback --dry-run", "Which version that is"),
  dryRun: true,
  run: async ({ config, version, dryRun, report }) => {
    const outcome = rollbackSelf(config, { program: ownProgram(), version, dryRun });
    const change = `pkg ${outcome.previousVersion} → ${outcome.version}`;
    report.result(outcome, () => [dryRun ? `would change ${outcome.path}: ${change}` : `${outcome.path}: ${change}`]);
    return EXIT_CODES.done;
  },
});
