import { EXIT_CODES } from "../../errors.ts";
import { readKeyInput } from "../../keys/key-files.ts";
import { importKey } from "../../keys/new-key.ts";
import { defineCommand } from "../command.ts";
import { PASSPHRASE_RULES, passphraseRequest } from "../signing-options.ts";
import { foreseenKeyLines, isLockWanted, KEY_NAME, NEW_KEY_OPTIONS, newKeyLines } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("file", {
        type: "string",
        demandOption: true,
        description: "A secret key file; - for standard input",
      })
      .option("name", { ...KEY_NAME, requiresArg: true, description: "What the key is called here" })
      .options(NEW_KEY_OPTIONS)
      .example("$0 key import ~/.minisign/minisign.key", "A key that minisign made")
      .example("$0 key import release.key --name release", "Beside others"),
  rules: PASSPHRASE_RULES,
  dryRun: true,
  run: async (context, args) => {
    const { file, name, force } = args;
    const content = await readKeyInput(file, context.stdin);
    const outcome = await importKey(context.config, {
      content,
      source: file === "-" ? "standard input" : file,
      name,
      force,
      dryRun: context.dryRun,
      lock: isLockWanted(args.passphrase),
      ...passphraseRequest(context, args),
    });
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () =>
      dryRun ? foreseenKeyLines(outcome, "import") : newKeyLines(outcome, "Imported"),
    );
    return EXIT_CODES.done;
  },
});
