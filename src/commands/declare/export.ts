import { resolve } from "node:path";
import { EXIT_CODES } from "../../errors.ts";
import { exportDeclared } from "../../install/export-declared.ts";
import { defineCommand } from "../command.ts";
import { needs } from "../option-rules.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .option("output", {
        alias: "o",
        type: "string",
        requiresArg: true,
        value: "FILE",
        description: "Where to write it; default: standard output",
      })
      .option("exact", {
        type: "boolean",
        default: false,
        description: "Name the versions that are installed, instead of those that were asked for",
      })
      .option("force", { type: "boolean", default: false, description: "Replace a file that is there" })
      .example("$0 export", "Show what packages.toml would say")
      .example("$0 export -o packages.toml", "Then `pkg apply packages.toml` gives the same on another machine"),
  rules: [...needs(["force"], "output")],
  dryRun: true,
  run: async (context, args) => {
    const { dryRun } = context;
    const output =
      args.output === undefined || args.output === "-" ? null : resolve(context.workingDirectory, args.output);
    const { content, ...exported } = await exportDeclared(context, {
      output,
      force: args.force,
      dryRun,
      isExact: args.exact,
    });
    // With --dry-run, what would be written is shown.
    if (output !== null && !dryRun) context.report.script(exported, () => [output]);
    else if (context.json) context.report.result({ ...exported, content }, () => []);
    else await context.report.bytes([Buffer.from(content)]);
    return EXIT_CODES.done;
  },
});
