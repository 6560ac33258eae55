import { allowProject, expectProject, namedDirectory } from "../../environments/project.ts";
import { EXIT_CODES } from "../../errors.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("directory", { type: "string", description: "The project's; default: the current one" })
      .example("$0 allow", "Let the hook use the packages.toml of this directory, until it changes"),
  dryRun: true,
  run: async ({ config, report, dryRun, workingDirectory }, args) => {
    const project = expectProject(namedDirectory(args.directory, workingDirectory), config.paths);
    if (!dryRun) allowProject(config.paths, project);
    report.result({ dryRun, path: project.file, isAllowed: true }, () => [
      `${dryRun ? "Would allow" : "Allowed"} ${project.file}, as it is now`,
    ]);
    return EXIT_CODES.done;
  },
});
