import { HOOK_SHELLS, shellHook } from "../../environments/shell-hooks.ts";
import { EXIT_CODES, PkgError } from "../../errors.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("shell", {
        type: "string",
        demandOption: true,
        description: "The shell that reads it: bash, zsh or fish",
      })
      .option("enter", {
        type: "boolean",
        default: false,
        hidden: true,
        description: "Print where the programs of the project here are; what the hook itself runs",
      })
      .example("$0 hook bash", 'For ~/.bashrc, as with eval "$(pkg hook bash)"')
      .example("$0 hook fish", "For config.fish, as with pkg hook fish | source")
      .epilogue(
        "In the directory of a project with a packages.toml, the hook puts its programs first on PATH, and takes them from there outside. Nothing is fetched or used before `pkg allow`, nor after the file has changed.",
      ),
  dryRun: true,
  run: async (context, args) => {
    if (args.enter) {
      const { enterProject } = await import("./enter-project.ts");
      return await enterProject(context);
    }
    const shell = HOOK_SHELLS.find((name) => name === args.shell);
    if (shell === undefined) throw unknownShell(args.shell);
    const script = shellHook(shell);
    context.report.script({ shell, script }, () => script.trimEnd().split("\n"));
    return EXIT_CODES.done;
  },
});

function unknownShell(typed: string): PkgError {
  return new PkgError("USAGE", `Cannot print a hook for "${typed}": expected bash, zsh or fish`, {
    hint: "`pkg hook bash` prints the one for bash",
  });
}
