import { variable } from "../../base/environment.ts";
import { findOnPath } from "../../environments/find-on-path.ts";
import { searchPaths } from "../../environments/search-paths.ts";
import { defineCommand } from "../command.ts";
import { program } from "../program.ts";
import { ENVIRONMENT_OPTIONS } from "./environment-options.ts";
import { SEVERAL_PACKAGES } from "./several-packages.ts";
import { withEnvironment } from "./with-environment.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", SEVERAL_PACKAGES)
      .positional("command", {
        type: "string",
        array: true,
        demandOption: true,
        description: "What to run, with its arguments; it finds the programs of the packages before others",
      })
      .options(ENVIRONMENT_OPTIONS)
      .example("$0 exec trurl@8.13 -- sh -c 'trurl --version'", "A line of shell that finds trurl on PATH")
      .example("$0 exec trurl tool -- trurl --version", "With another package beside it")
      .example("$0 exec -- trurl --version", "With what the packages.toml of this project declares, or packages.lock"),
  dryRun: true,
  run: (context, args) =>
    withEnvironment(context, {
      specs: args.packages,
      args,
      use: ({ directory, afterwards }) => {
        const variables = searchPaths(directory, context.env);
        const [name = "", ...words] = args.command;
        const places = { path: variable(variables, "PATH") ?? "", directory: context.workingDirectory };
        return program(findOnPath(name, places), words, { variables, afterwards });
      },
    }),
});
