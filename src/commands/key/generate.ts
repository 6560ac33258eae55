import { EXIT_CODES } from "../../errors.ts";
import { generateKey } from "../../keys/new-key.ts";
import { defineCommand } from "../command.ts";
import { excludes } from "../option-rules.ts";
import { PASSPHRASE_RULES, passphraseRequest } from "../signing-options.ts";
import { foreseenKeyLines, isLockWanted, KEY_NAME, NEW_KEY_OPTIONS, newKeyLines } from "./options.ts";

export const command = defineCommand({
  options: (declaration) =>
    declaration
      .positional("name", KEY_NAME)
      .options(NEW_KEY_OPTIONS)
      .example("$0 key generate", "A key that signs where none is named, locked with a passphrase")
      .example("$0 key generate release --passphrase-fd 3 3<FILE", "Without a terminal")
      .example("$0 key generate ci --no-passphrase", "For a machine that nobody types on"),
  rules: [
    ...PASSPHRASE_RULES,
    excludes("no-passphrase", ["passphrase-fd"], "with --no-passphrase there is no passphrase to read"),
  ],
  dryRun: true,
  run: async (context, args) => {
    const { name, force } = args;
    const outcome = await generateKey(context.config, {
      name,
      force,
      dryRun: context.dryRun,
      lock: isLockWanted(args.passphrase),
      ...passphraseRequest(context, args),
    });
    const { dryRun } = context;
    context.report.result({ ...outcome, dryRun }, () =>
      dryRun ? foreseenKeyLines(outcome, "make") : newKeyLines(outcome, "Made"),
    );
    return EXIT_CODES.done;
  },
});
