import { isShell, SHELLS } from "../../base/shells.ts";
import { EXIT_CODES, PkgError } from "../../errors.ts";
import { type ProvidingOutcome, providing } from "../../inspect/providing.ts";
import { columnsFitting } from "../../report/columns.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";

/** More than anybody reads before typing one of them. */
const MAX_LINES = 5;

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("program", { type: "string", description: "The name of a command" })
      .option("hook", {
        type: "string",
        requiresArg: true,
        choices: SHELLS,
        description: "Print what makes a shell ask this for each command that it does not find",
      })
      .example("$0 command-not-found trurl", "Which packages have it")
      .example("$0 command-not-found --hook bash", 'For ~/.bashrc, as with eval "$(pkg command-not-found --hook bash)"')
      .epilogue("Only the indexes that are on this machine are read; nothing is fetched."),
  dryRun: true,
  run: async (context, { program, hook: shell }) => {
    if (shell !== undefined && isShell(shell) && program === undefined) {
      const { notFoundHook } = await import("./not-found-hooks.ts");
      const script = notFoundHook(shell);
      context.report.script({ shell, script }, () => script.trimEnd().split("\n"));
      return EXIT_CODES.done;
    }
    if (program === undefined || shell !== undefined) throw oneOfBoth();
    const outcome = await providing(context, program);
    context.report.result(outcome, () => lines(outcome, context));
    return EXIT_CODES.done;
  },
});

function lines({ program, packages }: ProvidingOutcome, { config, report }: Context): readonly string[] {
  const [installed] = packages.filter(({ installedVersion }) => installedVersion !== null);
  if (installed !== undefined) {
    const where = config.searchPath.includes(config.paths.bin)
      ? `; see \`pkg which ${program}\` and \`pkg files ${installed.name}\``
      : ", but is not on PATH; `pkg env` prints what puts it there";
    return [`"${program}" is a program of ${installed.name}, which is installed${where}`];
  }
  const shown = packages.slice(0, MAX_LINES);
  const more = packages.length - shown.length;
  return [
    `"${program}" is not installed; ${packages.length === 1 ? "this package has it" : "these packages have it"}:`,
    ...columnsFitting(
      shown.map(({ spec, version, repository, description }) => [
        `  pkg install ${spec}`,
        ...[version, repository, description],
      ]),
      report.width,
    ),
    ...(more > 0 ? [`  and ${more} more: \`pkg search ${program}\``] : []),
  ];
}

function oneOfBoth(): PkgError {
  return new PkgError("USAGE", "Cannot tell what to look for: expected the name of a command, or --hook alone", {
    hint: "Type, for instance: pkg command-not-found trurl",
  });
}
