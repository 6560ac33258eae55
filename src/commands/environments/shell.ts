import { variable } from "../../base/environment.ts";
import { findOnPath } from "../../environments/find-on-path.ts";
import { searchPaths } from "../../environments/search-paths.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { program } from "../program.ts";
import { ENVIRONMENT_OPTIONS } from "./environment-options.ts";
import { SEVERAL_PACKAGES } from "./several-packages.ts";
import { withEnvironment } from "./with-environment.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("packages", SEVERAL_PACKAGES)
      .options(ENVIRONMENT_OPTIONS)
      .example("$0 shell trurl@8.13 tool", "A shell in which both are found; `exit` leaves it")
      .example("$0 shell", "With what the packages.toml of this project declares, or packages.lock")
      .epilogue("The shell is $SHELL, or sh. It has PKG_SHELL set to what it was started with, for prompts to show."),
  dryRun: true,
  run: (context, args) =>
    withEnvironment(context, {
      specs: args.packages,
      args,
      use: ({ directory, project, afterwards }) => {
        const variables = {
          ...searchPaths(directory, context.env),
          PKG_SHELL: markOf(context, project?.directory ?? args.packages.join(" ")),
        };
        return program(shellOf(context), [], { variables, afterwards });
      },
    }),
});

function shellOf({ env, workingDirectory: directory }: Context): string {
  return findOnPath(variable(env, "SHELL") ?? "/bin/sh", { path: variable(env, "PATH") ?? "", directory });
}

/** What this shell has beside what the one around it has; both are told. */
function markOf({ env, report }: Context, names: string): string {
  const around = variable(env, "PKG_SHELL");
  const within = around === null ? "" : `, within the one with ${around}`;
  report.emit({ kind: "note", message: `A shell with ${names}${within}; \`exit\` leaves it` });
  return around === null ? names : `${around} ${names}`;
}
