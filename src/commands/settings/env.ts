import { shellFound } from "../../environments/parent-shell.ts";
import { PATH_SHELLS, pathLine } from "../../environments/path-lines.ts";
import { EXIT_CODES, PkgError } from "../../errors.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .option("shell", {
        choices: PATH_SHELLS,
        requiresArg: true,
        description: "The shell to print it for; default: the one that started pkg, else $SHELL",
      })
      .example("$0 env", "The line that puts installed programs on PATH, for the shell in use")
      .example("$0 env --shell fish", "For config.fish, as with `pkg env --shell fish | source`")
      .epilogue('In ~/.bashrc or ~/.zshrc: eval "$(pkg env)". It may be evaluated more than once.'),
  dryRun: true,
  run: async ({ config, report }, args) => {
    const { bin } = config.paths;
    const shell = args.shell ?? shellFound(config.shell);
    if (bin.includes(":")) throw unfit(bin);
    const line = pathLine(shell, bin);
    report.script({ shell, binDirectory: bin, script: line }, () => [line]);
    return EXIT_CODES.done;
  },
});

function unfit(bin: string): PkgError {
  return new PkgError(
    "CONFIG_INVALID",
    `Cannot put "${bin}" on PATH: it has a ":" in its path, which ends a part of PATH`,
    {
      hint: "Set `bin_dir` in config.toml to another directory",
    },
  );
}
