import { EXIT_CODES } from "../../errors.ts";
import { checkRemovable, removeProfile } from "../../profiles/remove-profile.ts";
import { formatCount } from "../../report/units.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("name", { type: "string", demandOption: true, description: "The profile to remove" })
      .option("purge", { type: "boolean", default: false, description: "Also remove what programs wrote in it" })
      .example("$0 profile remove work", "Its packages go as well, and its history")
      .example("$0 profile remove work --dry-run", "What would go"),
  dryRun: true,
  namesProfiles: true,
  run: async (context, args) => {
    const name = checkRemovable(context, args.name);
    const inside = context.inProfile(name);
    try {
      if (!(await confirmed(context, name, (await inside.records()).installations.needs().length))) {
        context.report.say(["Nothing was removed; --yes answers the question"]);
        return EXIT_CODES.failed;
      }
      const outcome = await removeProfile(inside, { name, dryRun: context.dryRun, purge: args.purge });
      const { packages, left } = outcome;
      const done = context.dryRun ? "Would remove" : "Removed";
      const along =
        packages.length === 0 ? "" : ` and ${formatCount(packages.length, "package")}: ${packages.join(", ")}`;
      context.report.result(outcome, () => [`${done} profile ${name}${along}`]);
      for (const path of left)
        context.emit({
          kind: "note",
          message: `"${path}" was not placed by pkg, and ${context.dryRun ? "would stay" : "stays"}`,
        });
      return EXIT_CODES.done;
    } finally {
      await inside.close();
    }
  },
});

async function confirmed({ yes, dryRun, report }: Context, name: string, packages: number): Promise<boolean> {
  if (yes || dryRun || packages === 0) return true;
  return report.confirm(`Remove profile ${name} with its ${formatCount(packages, "package")}?`, false);
}
