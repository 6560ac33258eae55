import { EXIT_CODES } from "../../errors.ts";
import { listProfiles } from "../../profiles/list-profiles.ts";
import { columns } from "../../report/columns.ts";
import { formatCount } from "../../report/units.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration.example("$0 profile list", "Every profile; a star marks the one that is in use"),
  dryRun: true,
  namesProfiles: true,
  run: async (context) => {
    const outcome = listProfiles(context);
    context.report.result(outcome, () =>
      columns(
        outcome.profiles.map(({ name, isCurrent, packageCount, binDirectory, isOnPath }) => [
          `${isCurrent ? "*" : " "} ${name}`,
          formatCount(packageCount, "package"),
          isOnPath ? "on PATH" : "not on PATH",
          binDirectory,
        ]),
      ),
    );
    return EXIT_CODES.done;
  },
});
