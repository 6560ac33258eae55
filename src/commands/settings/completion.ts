import { isShell, SHELLS } from "../../base/shells.ts";
import { EXIT_CODES, PkgError } from "../../errors.ts";
import { defineCommand } from "../command.ts";
import { completionScript } from "./completion-scripts.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("shell", {
        type: "string",
        demandOption: true,
        description: `The shell that reads it: ${SHELLS.join(", ")}`,
      })
      .example("$0 completion bash >> ~/.bashrc", "Complete commands, options and names in bash")
      .example("$0 completion zsh", "For zsh; put `source <(pkg completion zsh)` after compinit in ~/.zshrc")
      .example("$0 completion fish", "For fish; put `pkg completion fish | source` into ~/.config/fish/config.fish"),
  dryRun: true,
  run: async (context, { shell }) => {
    if (!isShell(shell)) throw noScript(shell);
    const lines = completionScript(shell);
    context.report.script({ shell, script: `${lines.join("\n")}\n` }, () => lines);
    return EXIT_CODES.done;
  },
});

function noScript(shell: string): PkgError {
  return new PkgError("USAGE", `Cannot complete in "${shell}": expected one of ${SHELLS.join(", ")}`, {
    hint: "Type `pkg completion bash`, or name another of them",
  });
}
