import { disallowProject, expectProject, isAllowed, namedDirectory } from "../../environments/project.ts";
import { EXIT_CODES } from "../../errors.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("directory", { type: "string", description: "The project's; default: the current one" })
      .example("$0 disallow", "Take back `pkg allow`"),
  dryRun: true,
  run: async ({ config, report, dryRun, workingDirectory }, args) => {
    const project = expectProject(namedDirectory(args.directory, workingDirectory), config.paths);
    const was = dryRun ? isAllowed(config.paths, project) : disallowProject(config.paths, project);
    const done = dryRun ? "Would not be allowed any more" : "Not allowed any more";
    report.result({ dryRun, path: project.file, isAllowed: false }, () => [
      `${was ? done : "It was not allowed"}: ${project.file}`,
    ]);
    return EXIT_CODES.done;
  },
});
