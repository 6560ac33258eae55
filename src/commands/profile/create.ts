import { EXIT_CODES } from "../../errors.ts";
import { pathNote } from "../../install/tell-search-path.ts";
import { createProfile } from "../../profiles/create-profile.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("name", { type: "string", demandOption: true, description: "Letters, digits, - and _" })
      .example("$0 profile create work", "Says how to put its programs on PATH")
      .example("$0 --profile work install trurl", "Installs into it"),
  dryRun: true,
  namesProfiles: true,
  run: async (context, args) => {
    const outcome = createProfile(context, args.name, { dryRun: context.dryRun, command: context.command });
    const { name, binDirectory } = outcome;
    const done = context.dryRun ? "Would create" : "Created";
    const pkg = context.config.isSystem ? "pkg --system" : "pkg";
    context.report.result(outcome, () => [`${done} profile ${name}; use it with \`${pkg} --profile ${name} …\``]);
    const { searchPath, shell } = context.config;
    if (!searchPath.includes(binDirectory)) context.emit(pathNote(binDirectory, shell));
    return EXIT_CODES.done;
  },
});
